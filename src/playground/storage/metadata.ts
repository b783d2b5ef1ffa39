import { fieldOf, isJsonArray, type JsonObject, objectOf } from '../patch/json.ts';

const NOTHING: JsonObject = {};

/** The metadata of an object; empty when it has none. */
export function metadataOf(object: JsonObject): JsonObject {
  return objectOf(object, 'metadata') ?? NOTHING;
}

function text(object: JsonObject, field: string): string {
  const value = fieldOf(metadataOf(object), field);
  return typeof value === 'string' ? value : '';
}

export function nameOf(object: JsonObject): string {
  return text(object, 'name');
}

/** Empty for a cluster-scoped object. */
export function namespaceOf(object: JsonObject): string {
  return text(object, 'namespace');
}

export function uidOf(object: JsonObject): string {
  return text(object, 'uid');
}

export function resourceVersionOf(object: JsonObject): string {
  return text(object, 'resourceVersion');
}

/** Empty unless the object is being deleted. */
export function deletionTimestampOf(object: JsonObject): string {
  return text(object, 'deletionTimestamp');
}

export function finalizersOf(object: JsonObject): readonly string[] {
  const finalizers = fieldOf(metadataOf(object), 'finalizers');
  if (!isJsonArray(finalizers)) return [];
  return finalizers.filter((finalizer) => typeof finalizer === 'string');
}

/** The object with fields of its metadata replaced; undefined removes one. */
export function withMetadata(
  object: JsonObject,
  changes: Readonly<Record<string, JsonObject[string] | undefined>>,
): JsonObject {
  const fields = new Map(Object.entries(metadataOf(object)));
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) fields.delete(key);
    else fields.set(key, value);
  }
  return { ...object, metadata: Object.fromEntries(fields) };
}

/** RFC 3339 without a fraction, as the API server writes times. */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
