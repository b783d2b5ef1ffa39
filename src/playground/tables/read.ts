import {
  fieldOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonArray,
  type JsonObject,
} from '../patch/json.ts';
import { ageOf } from './age.ts';
import { NONE } from './table.ts';

/** What stands at a path of fields; undefined when there is nothing, or something else on the way. */
export function at(object: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value = object;
  for (const key of path) value = isJsonObject(value) ? fieldOf(value, key) : undefined;
  return value;
}

/** The text at a path; empty when there is none. */
export function textAt(object: Json | undefined, ...path: readonly string[]): string {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : '';
}

/** The number at a path; 0 when there is none. */
export function numberAt(object: Json | undefined, ...path: readonly string[]): number {
  const value = at(object, ...path);
  return typeof value === 'number' ? value : 0;
}

/** The list at a path; empty when there is none. */
export function listAt(object: Json | undefined, ...path: readonly string[]): JsonArray {
  const value = at(object, ...path);
  return isJsonArray(value) ? value : [];
}

/** The object at a path; empty when there is none. */
export function objectAt(object: Json | undefined, ...path: readonly string[]): JsonObject {
  const value = at(object, ...path);
  return isJsonObject(value) ? value : {};
}

export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name');
}

/** The age cell of an object. */
export function ageCell(object: JsonObject, now: number): string {
  return ageOf(textAt(object, 'metadata', 'creationTimestamp'), now);
}

/** A text, or `<none>` for an empty one. */
export function orNone(text: string): string {
  return text === '' ? NONE : text;
}

/** Labels as kubectl shows them: `a=b,c=d`, sorted; `<none>` when there are none. */
export function labelText(labels: JsonObject): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${textAt(labels, key)}`);
  return orNone(pairs.join(','));
}

/** A label selector as kubectl shows it: `a=b,c in (d,e),f,!g`; `<none>` for an empty one. */
export function selectorText(selector: JsonObject): string {
  const equal = Object.keys(objectAt(selector, 'matchLabels')).sort();
  const texts = equal.map((key) => `${key}=${textAt(selector, 'matchLabels', key)}`);
  for (const requirement of listAt(selector, 'matchExpressions'))
    texts.push(requirementText(requirement));
  return orNone(texts.join(','));
}

function requirementText(requirement: Json): string {
  const key = textAt(requirement, 'key');
  const values = listAt(requirement, 'values').map(String).sort().join(',');
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

/** Names and images of a pod template's containers, each joined by commas. */
export function containerCells(object: JsonObject): readonly [string, string] {
  const containers = listAt(object, 'spec', 'template', 'spec', 'containers');
  const join = (key: string) => containers.map((container) => textAt(container, key)).join(',');
  return [join('name'), join('image')];
}
