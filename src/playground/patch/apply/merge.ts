import { fieldsOf, isJsonArray, isJsonObject, type Json, type JsonArray } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { itemsByElement, type PathElement } from './path-element.ts';

/** The live value with all that the applied one says; nothing is removed. */
export function mergeApplied(live: Json, applied: Json, schema: SchemaNode): Json {
  if (isJsonArray(live) && isJsonArray(applied) && schema.listType !== 'atomic') {
    return mergeItems(live, applied, schema);
  }
  if (!isJsonObject(live) || !isJsonObject(applied) || schema.isAtomicMap) return applied;
  const merged = fieldsOf(live);
  for (const [name, value] of Object.entries(applied)) {
    const before = merged.get(name);
    merged.set(
      name,
      before === undefined ? value : mergeApplied(before, value, schema.field(name)),
    );
  }
  return Object.fromEntries(merged);
}

/**
 * Items of both lists: the applied ones in the order they were applied in, the others as early as the
 * items that both lists have allow.
 */
function mergeItems(live: JsonArray, applied: JsonArray, schema: SchemaNode): JsonArray {
  const before = itemsByElement(live, schema);
  const wanted = itemsByElement(applied, schema);
  const rest = [...before];
  const shared = [...wanted.keys()].filter((element) => before.has(element));
  const merged: Json[] = [];
  for (const [element, item] of wanted) {
    merged.push(...takeUntil(shared[0], rest, wanted));
    if (element === shared[0]) shared.shift();
    const old = before.get(element);
    merged.push(old === undefined ? item : mergeApplied(old, item, schema.element()));
  }
  return [...merged, ...takeUntil(undefined, rest, wanted)];
}

/** Takes from the head of `rest`, up to the item `until`, what only the live list has. */
function* takeUntil(
  until: PathElement | undefined,
  rest: (readonly [PathElement, Json])[],
  wanted: ReadonlyMap<PathElement, Json>,
): Iterable<Json> {
  for (let [head] = rest; head !== undefined && head[0] !== until; [head] = rest) {
    rest.shift();
    if (!wanted.has(head[0])) yield head[1];
  }
}
