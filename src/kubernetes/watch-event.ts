import type { KubernetesObject } from './resource.ts';

/** A change of one object. */
export interface ObjectEvent<T extends KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is now; for DELETED as it last was. */
  readonly object: T;
}

/** Everything that exists has been yielded as ADDED by now. */
export interface SyncedEvent {
  readonly type: 'SYNCED';
  /** Everything in this namespace only. */
  readonly namespace?: string;
}

/** What a watch yields: changes, and once, after the first list, SYNCED. */
export type WatchEvent<T extends KubernetesObject> = ObjectEvent<T> | SyncedEvent;
