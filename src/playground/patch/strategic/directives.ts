import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { PatchError } from '../patch-error.ts';

/** The keys by which a strategic merge patch says how, and not what. */
export const PATCH = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
export const SET_ELEMENT_ORDER = '$setElementOrder/';

export function isDirective(key: string): boolean {
  return (
    key === PATCH ||
    key === RETAIN_KEYS ||
    key.startsWith(DELETE_FROM_LIST) ||
    key.startsWith(SET_ELEMENT_ORDER)
  );
}

/**
 * What is left of a patch's value where the original has nothing: no directives, no nulls, and no list
 * items that say they are to be deleted.
 */
export function withoutDirectives(value: Json): Json {
  if (isJsonArray(value)) {
    return value
      .filter((item) => !(isJsonObject(item) && item[PATCH] === 'delete'))
      .filter((item) => !(isJsonObject(item) && isBareReplace(item)))
      .map(withoutDirectives);
  }
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, field]) => !isDirective(key) && field !== null);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutDirectives(field)]));
}

function isBareReplace(item: JsonObject): boolean {
  return item[PATCH] === 'replace' && Object.keys(item).length === 1;
}

export function unknownPatchType(type: Json | undefined, map: JsonObject): PatchError {
  return new PatchError(500, `unknown patch type: ${goText(type ?? null)} in map: ${goText(map)}`);
}

/** A value as Go's `%v` prints it, for the messages of the API server. */
export function goText(value: Json): string {
  if (isJsonArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isJsonObject(value)) {
    const fields = Object.keys(value)
      .sort()
      .map((key) => `${key}:${goText(value[key] ?? null)}`);
    return `map[${fields.join(' ')}]`;
  }
  return value === null ? '<nil>' : String(value);
}
