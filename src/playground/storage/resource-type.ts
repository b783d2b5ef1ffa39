import { equalJson, fieldOf, type JsonObject } from '../patch/json.ts';
import type { QualifiedResource } from '../status-error.ts';

/** What the store has to know of a kind of object. */
export interface ResourceType extends QualifiedResource {
  /** Empty for the core group. */
  readonly group: string;
  /** The plural: `deployments`. */
  readonly resource: string;
  /** The version objects are stored in. */
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether an update asks for something else than before; without it objects have no `generation`. */
  readonly bumpsGeneration?: (before: JsonObject, after: JsonObject) => boolean;
  /** Whether a deletion may only mark the object, for something else to end it: seconds granted, or 0. */
  readonly gracePeriodSeconds?: (object: JsonObject, asked: number | undefined) => number;
  /** What a deletion that has to wait changes besides `metadata`. */
  readonly whenDeletionBegins?: (object: JsonObject) => JsonObject;
  /** Whether something besides `metadata.finalizers` keeps the object there. */
  readonly isHeld?: (object: JsonObject) => boolean;
}

/** Whether anything but metadata and status differs. */
export function specDiffers(before: JsonObject, after: JsonObject): boolean {
  return differs(before, after, ['metadata', 'status']);
}

/** Whether anything but metadata differs: custom resources without a status subresource. */
export function contentDiffers(before: JsonObject, after: JsonObject): boolean {
  return differs(before, after, ['metadata']);
}

function differs(before: JsonObject, after: JsonObject, except: readonly string[]): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of except) keys.delete(key);
  return [...keys].some((key) => !equalJson(fieldOf(before, key), fieldOf(after, key)));
}
