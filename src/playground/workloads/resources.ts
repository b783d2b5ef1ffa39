import type { JsonObject } from '../patch/json.ts';
import type { Change } from '../storage/change-log.ts';
import type { ObjectStore } from '../store.ts';

/** Qualified plurals, as the store knows them, of what the cluster's own controllers work with. */
export const PODS = 'pods';
export const NAMESPACES = 'namespaces';
export const NODES = 'nodes';
export const EVENTS = 'events';
export const DEPLOYMENTS = 'deployments.apps';
export const REPLICA_SETS = 'replicasets.apps';
export const BUDGETS = 'poddisruptionbudgets.policy';

/** `namespace/name`, by which work is queued. */
export function keyOf({ namespace, name }: Pick<Change, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** The object of a key; undefined when it is gone. */
export function objectOfKey(
  store: ObjectStore,
  resource: string,
  key: string,
): JsonObject | undefined {
  const slash = key.indexOf('/');
  return store.collection(resource).get(key.slice(0, slash), key.slice(slash + 1));
}
