import { isJsonObject, type Json, type JsonArray } from '../json.ts';
import { PatchError } from '../patch-error.ts';
import type { SchemaNode } from '../schema.ts';
import { goText, PATCH, withoutDirectives } from './directives.ts';
import { arrange, isSameItem, type MergeObject, mergeList } from './lists.ts';

export interface OrderedList {
  readonly current: JsonArray | undefined;
  /** The patch's list of the same field. */
  readonly changes: JsonArray | undefined;
  /** `$setElementOrder/…`: merge keys, or values, in the order they are to have. */
  readonly order: JsonArray;
  readonly schema: SchemaNode;
  readonly mergeObject: MergeObject;
}

/** The list, changed and in the wanted order; undefined when there is none, before or after. */
export function inElementOrder({
  current,
  changes,
  order,
  schema,
  mergeObject,
}: OrderedList): JsonArray | undefined {
  const key = schema.patchMergeKey;
  if (changes) requireSameOrder(changes, order, key);
  if (!current) {
    const added = changes && withoutDirectives(changes);
    return Array.isArray(added) ? arrange(added, order, added, key) : undefined;
  }
  const merged = changes ? mergeList(current, changes, schema, mergeObject) : current;
  return arrange(merged, order, current, key);
}

/** The items of the patch must stand in the order list, in that order; those to be deleted need not. */
function requireSameOrder(changes: JsonArray, order: JsonArray, key: string | undefined): void {
  let at = 0;
  for (const item of changes) {
    if (isJsonObject(item) && item[PATCH] !== undefined) continue;
    const found = order.findIndex((wanted, i) => i >= at && isSameItem(wanted, item, key));
    if (found < 0) throw disorder(changes, order);
    at = found + 1;
  }
}

function disorder(changes: Json, order: Json): PatchError {
  return new PatchError(
    500,
    `The order in patch list:\n${goText(changes)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
  );
}
