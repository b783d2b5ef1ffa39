import type { Random } from '../../runtime/random.ts';
import type { JsonObject } from '../patch/json.ts';
import {
  controlledBy,
  isTerminating,
  merged,
  nameOf,
  namespaceOf,
  numberAt,
  objectAt,
  textAt,
  uidOf,
} from './fields.ts';
import { generateName } from './names.ts';
import { isActive, isReady } from './pod-state.ts';

/** Pods wanted. */
export function replicasOf(object: JsonObject): number {
  return numberAt(object, 'spec', 'replicas');
}

/** A pod of a ReplicaSet, as the controller creates it. */
export function podOf(set: JsonObject, random: Random): JsonObject {
  const template = objectAt(set, 'spec', 'template');
  const base = `${nameOf(set)}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...objectAt(template, 'metadata'),
      name: generateName(base, random),
      generateName: base,
      namespace: namespaceOf(set),
      generation: 1,
      ownerReferences: [controlledBy(set, 'apps/v1', 'ReplicaSet')],
    },
    spec: objectAt(template, 'spec'),
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  };
}

/** What a ReplicaSet does next: how many pods to create, or which to delete. */
export interface Scaling {
  readonly create: number;
  readonly remove: readonly JsonObject[];
}

export function scaling(set: JsonObject, pods: Iterable<JsonObject>): Scaling {
  if (isTerminating(set)) return { create: 0, remove: [] };
  const active = Array.from(pods).filter(isActive);
  const surplus = active.length - replicasOf(set);
  if (surplus <= 0) return { create: -surplus, remove: [] };
  return { create: 0, remove: active.toSorted(mostDispensableFirst).slice(0, surplus) };
}

/** First those without a node, then those not ready, then the youngest. */
function mostDispensableFirst(left: JsonObject, right: JsonObject): number {
  const rank = (pod: JsonObject) =>
    textAt(pod, 'spec', 'nodeName') === '' ? 0 : isReady(pod) ? 2 : 1;
  const created = (pod: JsonObject) => textAt(pod, 'metadata', 'creationTimestamp');
  const byName = uidOf(left) < uidOf(right) ? -1 : 1;
  return (
    rank(left) - rank(right) ||
    (created(left) === created(right) ? byName : created(left) > created(right) ? -1 : 1)
  );
}

/** The status of a ReplicaSet with these pods. */
export function replicaSetStatus(set: JsonObject, pods: Iterable<JsonObject>): JsonObject {
  const all = Array.from(pods);
  const active = all.filter(isActive);
  const ready = active.filter(isReady).length;
  const terminating = all.length - active.length;
  return merged(objectAt(set, 'status'), {
    replicas: active.length,
    fullyLabeledReplicas: active.length || undefined,
    readyReplicas: ready || undefined,
    availableReplicas: ready || undefined,
    terminatingReplicas: terminating || undefined,
    observedGeneration: numberAt(set, 'metadata', 'generation'),
  });
}
