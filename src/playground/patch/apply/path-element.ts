import { canonicalJson, fieldOf, isJsonObject, type Json, type JsonArray } from '../json.ts';
import type { SchemaNode } from '../schema.ts';

/**
 * One step of a field's path, as `fieldsV1` writes it: `f:name` a field, `k:{"name":"web"}` an item of a
 * list by its keys, `v:"x"` an item of a set by its value.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The name, for a step that is a field. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** The step to an item of a list whose items have owners of their own (list type `map` or `set`). */
export function itemElement(item: Json, list: SchemaNode): PathElement {
  if (list.listType === 'set') return `v:${canonicalJson(item)}`;
  const fields = isJsonObject(item) ? item : {};
  const keys = list.listMapKeys.flatMap((key) => {
    const value = fieldOf(fields, key) ?? scalar(list.element().defaultOf(key));
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${canonicalJson(Object.fromEntries(keys))}`;
}

function scalar(value: unknown): Json | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

/** A list's items by their steps, in order; of two that are the same the first counts. */
export function itemsByElement(items: JsonArray, list: SchemaNode): Map<PathElement, Json> {
  const byElement = new Map<PathElement, Json>();
  for (const item of items) {
    const element = itemElement(item, list);
    if (!byElement.has(element)) byElement.set(element, item);
  }
  return byElement;
}

/** The step as messages show it: `.image`, `[name="web"]`, `[="x"]`. */
export function describeElement(element: PathElement): string {
  const content = element.slice(2);
  if (element.startsWith('f:')) return `.${content}`;
  if (element.startsWith('v:')) return `[=${content}]`;
  if (element.startsWith('i:')) return `[${content}]`;
  const keys: unknown = JSON.parse(content);
  const fields = Object.entries(Object(keys)).map(
    ([key, value]) => `${key}=${JSON.stringify(value)}`,
  );
  return `[${fields.join(',')}]`;
}
