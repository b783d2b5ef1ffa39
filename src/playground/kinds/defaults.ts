import {
  fieldOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
} from '../patch/json.ts';

/** The object with these fields where it has none. */
export function withFields(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([key]) => fieldOf(object, key) === undefined);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

/** The object with a field changed that is an object; nothing when it is not there. */
export function mapObject(
  object: JsonObject,
  field: string,
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const value = objectOf(object, field);
  return value ? { ...object, [field]: change(value) } : object;
}

/** The object with each object in a list changed; nothing when there is no list. */
export function mapItems(
  object: JsonObject,
  field: string,
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const list = fieldOf(object, field);
  if (!isJsonArray(list)) return object;
  return {
    ...object,
    [field]: list.map((item): Json => (isJsonObject(item) ? change(item) : item)),
  };
}
