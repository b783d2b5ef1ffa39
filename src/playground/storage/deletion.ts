import type { JsonObject } from '../patch/json.ts';
import { conflict } from '../status-error.ts';
import {
  deletionTimestampOf,
  finalizersOf,
  metadataOf,
  nameOf,
  resourceVersionOf,
  timestamp,
  uidOf,
  withMetadata,
} from './metadata.ts';
import type { ResourceType } from './resource-type.ts';

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

/** What a client says with a DELETE; the fields are those of `DeleteOptions`. */
export interface DeleteOptions {
  /** Default: the resource's. 0: at once. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: PropagationPolicy;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

/** What became of an object that was to be deleted. */
export interface Deletion {
  readonly object: JsonObject;
  /** False while something keeps it: a grace period, finalizers, a namespace's content. */
  readonly removed: boolean;
}

/** Removed by the garbage collector once the dependents are gone or have been let go. */
const POLICY_FINALIZERS: Readonly<Record<PropagationPolicy, string | undefined>> = {
  Background: undefined,
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
};

/** @throws StatusError 409 when the object is not the one the client means */
export function checkPreconditions(
  type: ResourceType,
  object: JsonObject,
  preconditions: DeleteOptions['preconditions'],
): void {
  if (!preconditions) return;
  const { uid, resourceVersion } = preconditions;
  const name = nameOf(object);
  const refuse = (what: string, wanted: string, got: string, might: string) => {
    const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${got}). The object might have been ${might}`;
    return conflict({ group: type.group, resource: type.kind }, name, why);
  };
  if (uid !== undefined && uid !== uidOf(object)) {
    throw refuse('UID', uid, uidOf(object), 'deleted and then recreated');
  }
  if (resourceVersion !== undefined && resourceVersion !== resourceVersionOf(object)) {
    throw refuse('ResourceVersion', resourceVersion, resourceVersionOf(object), 'modified');
  }
}

/** The object marked as one that is being deleted, and whether it can go at once. */
export function beginDeletion(
  type: ResourceType,
  object: JsonObject,
  options: DeleteOptions,
  now: number,
): Deletion {
  const grace = type.gracePeriodSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const finalizers = finalizersAfter(object, options.propagationPolicy);
  const held = finalizers.length > 0 || type.isHeld?.(object) === true;
  if (grace === 0 && !held) return { object, removed: true };
  const before = metadataOf(object);
  const known = before.deletionGracePeriodSeconds;
  const marked = deletionTimestampOf(object) !== '';
  const shorter = typeof known === 'number' && grace < known;
  const generation = before.generation;
  const { whenDeletionBegins = (same: JsonObject) => same } = type;
  return {
    removed: false,
    object: withMetadata(marked ? object : whenDeletionBegins(object), {
      finalizers: finalizers.length > 0 ? finalizers : undefined,
      ...(marked && !shorter
        ? {}
        : {
            deletionTimestamp: timestamp(now + grace * 1000),
            deletionGracePeriodSeconds: grace,
          }),
      ...(marked || typeof generation !== 'number' ? {} : { generation: generation + 1 }),
    }),
  };
}

function finalizersAfter(
  object: JsonObject,
  policy: PropagationPolicy | undefined,
): readonly string[] {
  const finalizers = finalizersOf(object);
  if (policy === undefined) return finalizers;
  const others = finalizers.filter((name) => !Object.values(POLICY_FINALIZERS).includes(name));
  const own = POLICY_FINALIZERS[policy];
  return own === undefined ? others : [...others, own];
}

/** Whether a deletion that had to wait has nothing left to wait for. */
export function isDeletionDue(type: ResourceType, object: JsonObject): boolean {
  return (
    deletionTimestampOf(object) !== '' &&
    (metadataOf(object).deletionGracePeriodSeconds ?? 0) === 0 &&
    finalizersOf(object).length === 0 &&
    type.isHeld?.(object) !== true
  );
}
