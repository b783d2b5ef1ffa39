import { isJsonArray, isJsonObject, type Json } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';

/**
 * The fields somebody owns who applies `value`: its leaves, the items of its lists and the keys of its
 * maps. Atomic lists and maps are leaves.
 */
export function ownedFields(value: Json, schema: SchemaNode): FieldSet {
  const set = new FieldSet();
  collect(value, schema, set);
  return set;
}

function collect(value: Json, schema: SchemaNode, set: FieldSet): void {
  if (isJsonArray(value)) {
    if (schema.listType === 'atomic') set.member = true;
    else
      for (const item of value)
        collectChild(item, schema.element(), set.child(itemElement(item, schema)), true);
  } else if (isJsonObject(value)) {
    if (schema.isAtomicMap) set.member = true;
    else {
      for (const [name, field] of Object.entries(value)) {
        collectChild(
          field,
          schema.field(name),
          set.child(fieldElement(name)),
          !schema.hasField(name),
        );
      }
    }
  } else set.member = true;
}

function collectChild(value: Json, schema: SchemaNode, set: FieldSet, member: boolean): void {
  collect(value, schema, set);
  if (member || (isJsonObject(value) && Object.keys(value).length === 0)) set.member = true;
}
