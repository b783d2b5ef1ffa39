import {
  equalJson,
  fieldOf,
  isJsonObject,
  type Json,
  type JsonArray,
  type JsonObject,
} from '../json.ts';
import { PatchError } from '../patch-error.ts';
import type { SchemaNode } from '../schema.ts';
import { goText, PATCH, unknownPatchType, withoutDirectives } from './directives.ts';

export type MergeObject = (
  original: JsonObject,
  patch: JsonObject,
  schema: SchemaNode,
) => JsonObject;

/**
 * Merges a patch's list into one whose strategy is `merge`: objects by their merge key, other values
 * as a set. What the patch names comes in the patch's order; the rest keeps its place before the first
 * item that came after it.
 */
export function mergeList(
  original: JsonArray,
  patch: JsonArray,
  schema: SchemaNode,
  mergeObject: MergeObject,
): JsonArray {
  if (![...original, ...patch].some(isJsonObject)) {
    const all = [...original, ...patch];
    const unique = all.filter((item, i) => all.indexOf(item) === i);
    return arrange(unique, patch, original, undefined);
  }
  const key = schema.patchMergeKey;
  if (key === undefined) throw new PatchError(500, 'cannot merge lists without merge key');
  const { kept, changes } = applyItemDirectives(original, patch, key);
  const merged = [...kept];
  for (const change of changes) {
    const at = merged.findIndex((item) => isSameItem(item, change, key));
    const before = merged[at];
    if (isJsonObject(before)) merged[at] = mergeObject(before, change, schema.element());
    else merged.push(withoutDirectives(change));
  }
  return arrange(merged, changes, original, key);
}

/** Items with `$patch: delete` remove theirs; one with `$patch: replace` removes all that were there. */
function applyItemDirectives(
  original: JsonArray,
  patch: JsonArray,
  key: string,
): { readonly kept: JsonArray; readonly changes: readonly JsonObject[] } {
  let kept = original;
  let replace = false;
  const changes: JsonObject[] = [];
  for (const item of patch) {
    if (!isJsonObject(item)) throw new PatchError(500, `expected a map, got ${goText(item)}`);
    const directive = fieldOf(item, PATCH);
    if (directive === 'replace') replace = true;
    else if (directive === 'merge')
      throw new PatchError(500, 'merging lists cannot yet be specified in the patch');
    else if (directive !== undefined && directive !== 'delete')
      throw unknownPatchType(directive, item);
    else if (fieldOf(item, key) === undefined) throw missingKey(item, key);
    else if (directive === 'delete') kept = kept.filter((old) => !isSameItem(old, item, key));
    else changes.push(item);
  }
  return { kept: replace ? [] : kept, changes };
}

function missingKey(item: JsonObject, key: string): PatchError {
  return new PatchError(500, `map: ${goText(item)} does not contain declared merge key: ${key}`);
}

/** Whether two items stand for the same one: equal merge keys, or equal values without a key. */
export function isSameItem(left: Json, right: Json, key: string | undefined): boolean {
  if (key === undefined) return left === right;
  return (
    isJsonObject(left) && isJsonObject(right) && equalJson(fieldOf(left, key), fieldOf(right, key))
  );
}

/**
 * Puts the items that `order` names into its order, and the others, in the order they had in `before`,
 * between them: each before the first one that it preceded.
 */
export function arrange(
  items: JsonArray,
  order: JsonArray,
  before: JsonArray,
  key: string | undefined,
): JsonArray {
  const position = (list: JsonArray, item: Json) =>
    list.findIndex((other) => isSameItem(other, item, key));
  const byPosition = (list: JsonArray) => (a: Json, b: Json) =>
    position(list, a) - position(list, b);
  const named = items.filter((item) => position(order, item) >= 0).toSorted(byPosition(order));
  const others = items.filter((item) => position(order, item) < 0).toSorted(byPosition(before));
  const arranged: Json[] = [];
  let next = 0;
  for (const item of named) {
    const at = position(before, item);
    for (let other = others[next]; other !== undefined && at >= 0; other = others[next]) {
      const otherAt = position(before, other);
      if (otherAt < 0 || otherAt >= at) break;
      arranged.push(other);
      next++;
    }
    arranged.push(item);
  }
  return [...arranged, ...others.slice(next)];
}
