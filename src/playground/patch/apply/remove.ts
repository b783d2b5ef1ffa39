import { isJsonArray, isJsonObject, type Json } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import type { FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';

/** The value without the fields in `set` and what is below them; undefined when nothing is left. */
export function removeFields(value: Json, set: FieldSet, schema: SchemaNode): Json | undefined {
  if (set.children.size === 0) return value;
  if (isJsonArray(value) && schema.listType !== 'atomic') {
    const kept = value.flatMap((item) => {
      const left = remaining(item, set.children.get(itemElement(item, schema)), schema.element());
      return left === undefined ? [] : [left];
    });
    return kept.length === 0 && value.length > 0 ? undefined : kept;
  }
  if (!isJsonObject(value) || schema.isAtomicMap) return value;
  const kept = Object.entries(value).flatMap(([name, field]) => {
    const left = remaining(field, set.children.get(fieldElement(name)), schema.field(name));
    return left === undefined ? [] : [[name, left] as const];
  });
  return kept.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(kept);
}

function remaining(value: Json, set: FieldSet | undefined, schema: SchemaNode): Json | undefined {
  if (!set) return value;
  return set.member ? undefined : removeFields(value, set, schema);
}
