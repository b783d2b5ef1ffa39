/**
 * What the controller counts. A watcher takes its handle when it starts and disposes of it when it
 * ends; its series appear with the handle and go with the last one of the same labels.
 */
export interface ControllerMetrics {
  readonly namespaceWatcher: NamespaceWatcherMetrics;
  crdWatcher(namespace: string): CrdWatcherMetrics;
  /** @param selector as {@link PodWatcherMetrics} describes */
  podWatcher(namespace: string, selector: string): PodWatcherMetrics;
  deploymentWatcher(namespace: string, deployment: string): DeploymentWatcherMetrics;
  antiPressureWatcher(namespace: string, selector: string): AntiPressureWatcherMetrics;

  /** One tick ended. */
  tick(outcome: TickObservation): void;
  /** A watch of the API server ended before its time and was begun again. */
  watchRestarted(resource: string, cause: string): void;
  /** One request to the API server was answered, or failed. */
  apiRequest(request: ApiRequestObservation): void;
  /** The API server is reached again after it was not. */
  apiReconnected(): void;
  /** One Event for people was sent, merged into one sent before, or dropped by the rate limit. */
  kubernetesEvent(result: 'sent' | 'aggregated' | 'dropped'): void;
  /** How many namespaces there are of each kind, from now on. */
  namespaces(counts: Readonly<Record<NamespaceState, number>>): void;
  /** Whether this replica acts, from now on; at first it does not. */
  leading(leading: boolean): void;
  /** How many objects of a resource are held in memory: `read` is called at each scrape. */
  cachedObjects(resource: string, read: () => number): void;
}

export type NamespaceState = 'watched' | 'opted_out' | 'protected' | 'terminating';

/** The type of a watch event, as the API server names it. */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What a child of a configuration watcher is: PodWatcher, DeploymentWatcher or AntiHPAWatcher. */
export type ChildKind = 'pw' | 'dw' | 'ah';

export interface NamespaceWatcherMetrics {
  /** @param microseconds how long handling the event took */
  event(type: ChangeType, microseconds: number): void;
  restarted(): void;
  spawned(): void;
  /** How many configuration watchers run, from now on. */
  active(count: number): void;
}

export interface CrdWatcherMetrics extends Disposable {
  /** @param microseconds how long handling the event took */
  event(type: ChangeType, microseconds: number): void;
  restarted(): void;
  spawned(kind: ChildKind): void;
  /** Changes the number of children by `delta`; what is left of it goes when the handle is disposed. */
  active(kind: ChildKind, delta: number): void;
}

/** `selector` is `key=value` pairs joined by commas, sorted by key, so that a restart makes no new series. */
export interface PodWatcherMetrics extends Disposable {
  added(count: number): void;
  removed(count: number): void;
  killed(): void;
  /** How many pods this watcher may choose from, from now on. */
  active(count: number): void;
  restarted(): void;
}

export interface DeploymentWatcherMetrics extends Disposable {
  rescaled(replicas: number): void;
}

export interface AntiPressureWatcherMetrics extends Disposable {
  ran(): void;
  /** @param cpuCores what the pod used when it was chosen */
  killed(cpuCores: number): void;
}

export interface TickObservation {
  /** `randomScale`, `killPod`, `antiPressure`. */
  readonly mode: string;
  readonly result: 'acted' | 'skipped' | 'failed';
  /** From the closed list of reasons; empty when it acted. */
  readonly reason: string;
  /** From when it was due to when it began; not known for a tick that was found overdue at start. */
  readonly latenessSeconds?: number;
}

export interface ApiRequestObservation {
  readonly verb: string;
  /** `pods`, `pods/eviction`. */
  readonly resource: string;
  /** The HTTP status, or why there is none: `transport`, `deadline`, `aborted`. */
  readonly code: number | string;
  readonly seconds: number;
}
