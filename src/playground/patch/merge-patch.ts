import { fieldsOf, isJsonObject, type Json } from './json.ts';

/** JSON merge patch, RFC 7386: null removes, objects are merged, everything else replaces. */
export function applyMergePatch(original: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged = fieldsOf(isJsonObject(original) ? original : {});
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, applyMergePatch(merged.get(key) ?? null, value));
  }
  return Object.fromEntries(merged);
}
