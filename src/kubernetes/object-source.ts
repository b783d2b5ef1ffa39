import type { KubernetesObject } from './resource.ts';
import type { WatchEvent } from './watch-event.ts';

/** Narrows a subscription. */
export interface EventScope {
  readonly namespace?: string;
  /** Only with `namespace`, or for a cluster-scoped resource. */
  readonly name?: string;
}

/**
 * All objects of one resource, as last seen, and their changes: what `SharedWatch` gives and what
 * watchers take. Reading costs no call.
 */
export interface ObjectSource<T extends KubernetesObject> {
  /** Whether everything that exists has been seen once. */
  readonly synced: boolean;
  get(namespace: string, name: string): T | undefined;
  /** The objects of a namespace, of all without one. */
  list(namespace?: string): Iterable<T>;
  /** How many objects are known. */
  readonly size: number;
  /**
   * What is known as ADDED, then SYNCED (when the scope's namespace is; without one also for each
   * namespace that is synced before all are), then the changes. Ends, without an error, when `signal`
   * aborts or the iteration is left.
   */
  events(scope: EventScope, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
}
