import type { KubernetesObject } from './resource.ts';

/** A change of one object. */
export interface ObjectEvent<T extends KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is now; for DELETED as it last was. */
  readonly object: T;
}

/**
 * What a watch yields: changes, and once, after the first list, SYNCED: everything that exists has
 * been yielded as ADDED by then.
 */
export type WatchEvent<T extends KubernetesObject> = ObjectEvent<T> | { readonly type: 'SYNCED' };
