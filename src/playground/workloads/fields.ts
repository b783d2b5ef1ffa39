import { isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { at, listAt, objectAt, textAt } from '../tables/read.ts';

export { at, listAt, numberAt, objectAt, textAt } from '../tables/read.ts';

export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name');
}

export function namespaceOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'namespace');
}

export function uidOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'uid');
}

/** Whether somebody has asked for the object's end. */
export function isTerminating(object: JsonObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== '';
}

/** The object with other fields in its metadata; undefined removes one. */
export function withMetadata(
  object: JsonObject,
  fields: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  return { ...object, metadata: merged(objectAt(object, 'metadata'), fields) };
}

/** The object with other fields in its status; undefined removes one. */
export function withStatus(
  object: JsonObject,
  fields: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  return { ...object, status: merged(objectAt(object, 'status'), fields) };
}

/** The fields of an object with some replaced; undefined removes one. */
export function merged(
  object: JsonObject,
  fields: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const result: Record<string, Json> = { ...object };
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

/** The reference to the object's controller. */
export function controllerOf(object: JsonObject): JsonObject | undefined {
  const found = listAt(object, 'metadata', 'ownerReferences').find(
    (owner) => at(owner, 'controller') === true,
  );
  return isJsonObject(found) ? found : undefined;
}

/** A reference that makes `owner` the controller of what carries it. */
export function controlledBy(owner: JsonObject, apiVersion: string, kind: string): JsonObject {
  return {
    apiVersion,
    kind,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** An instant as the API writes it, with seconds. @param now milliseconds since the epoch */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** The condition of a type. */
export function conditionOf(object: JsonObject, type: string): JsonObject | undefined {
  const found = listAt(object, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === type,
  );
  return isJsonObject(found) ? found : undefined;
}
