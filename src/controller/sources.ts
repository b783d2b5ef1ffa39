import { configurations as configurationResource } from '../configuration/resource.ts';
import type { ChaosMonkeyConfiguration } from '../configuration/types.ts';
import type { KubernetesClient } from '../kubernetes/client.ts';
import { mergeWatches } from '../kubernetes/merge-watches.ts';
import { pollNamespaces } from '../kubernetes/poll-namespaces.ts';
import type { KubernetesObject, Resource } from '../kubernetes/resource.ts';
import {
  type Deployment,
  deployments as deploymentResource,
} from '../kubernetes/resources/deployments.ts';
import {
  type Namespace,
  namespaces as namespaceResource,
} from '../kubernetes/resources/namespaces.ts';
import { type Pod, pods as podResource } from '../kubernetes/resources/pods.ts';
import {
  type ReplicaSet,
  replicaSets as replicaSetResource,
} from '../kubernetes/resources/replica-sets.ts';
import { SharedWatch } from '../kubernetes/shared-watch.ts';
import { type WatchObserver, watchResource } from '../kubernetes/watch-resource.ts';
import { ChildSet } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';

export interface SourcesOptions {
  readonly client: KubernetesClient;
  /**
   * The only namespaces to ask about, by calls that a Role in each of them can allow; one need not exist
   * yet. Empty: the whole cluster, by one watch for each resource.
   */
  readonly watchNamespaces: readonly string[];
  /** How long one watch lasts before it is renewed, ms. */
  readonly watchTimeoutsMs: {
    readonly namespaces: number;
    readonly configurations: number;
    /** Pods, ReplicaSets and deployments. */
    readonly workloads: number;
  };
  readonly clock: Clock;
  readonly random: () => number;
  /** Who is told how the watch of a resource does, in this namespace where there is one watch for each. */
  readonly observer: (resource: string, namespace?: string) => WatchObserver;
}

/** Everything the controller knows of the cluster; reading it costs no call. */
export interface Sources {
  readonly namespaces: SharedWatch<Namespace>;
  readonly configurations: SharedWatch<ChaosMonkeyConfiguration>;
  readonly deployments: SharedWatch<Deployment>;
  readonly replicaSets: SharedWatch<ReplicaSet>;
  readonly pods: SharedWatch<Pod>;
  /** The same by the resource's plural. */
  readonly all: ReadonlyMap<string, { readonly size: number }>;
  /** Keeps them up to date until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Prepares the sources; nothing is asked before they run. */
export function openSources(options: SourcesOptions): Sources {
  const { watchTimeoutsMs } = options;
  const namespaces = namespaceSource(options);
  const configurations = source(options, configurationResource, watchTimeoutsMs.configurations);
  const deployments = source(options, deploymentResource, watchTimeoutsMs.workloads);
  const replicaSets = source(options, replicaSetResource, watchTimeoutsMs.workloads);
  const pods = source(options, podResource, watchTimeoutsMs.workloads);
  const all = new Map<string, Pick<SharedWatch<KubernetesObject>, 'size' | 'run'>>([
    [namespaceResource.plural, namespaces],
    [configurationResource.plural, configurations],
    [deploymentResource.plural, deployments],
    [replicaSetResource.plural, replicaSets],
    [podResource.plural, pods],
  ]);
  return {
    namespaces,
    configurations,
    deployments,
    replicaSets,
    pods,
    all,
    async run(signal) {
      await using watches = new ChildSet(signal);
      for (const [resource, watch] of all) watches.start(resource, (s) => watch.run(s));
      await watches.ended();
    },
  };
}

function namespaceSource(options: SourcesOptions): SharedWatch<Namespace> {
  const { client, clock, random, observer, watchNamespaces, watchTimeoutsMs } = options;
  if (watchNamespaces.length === 0)
    return source(options, namespaceResource, watchTimeoutsMs.namespaces);
  const { plural } = namespaceResource;
  const names = [...new Set(watchNamespaces)];
  const observers = new Map(names.map((name) => [name, observer(plural, name)]));
  const observerOf = (name: string) => observers.get(name) ?? {};
  return new SharedWatch((signal) =>
    pollNamespaces({ client, names, clock, random, observer: observerOf }, signal),
  );
}

/** One watch of the whole cluster, or one for each listed namespace. */
function source<T extends KubernetesObject>(
  { client, clock, random, observer, watchNamespaces }: SourcesOptions,
  resource: Resource<T>,
  timeoutMs: number,
): SharedWatch<T> {
  const timeoutSeconds = Math.ceil(timeoutMs / 1_000);
  const common = { client, resource, timeoutSeconds, clock, random };
  if (watchNamespaces.length === 0) {
    const options = { ...common, observer: observer(resource.plural) };
    return new SharedWatch((signal) => watchResource(options, signal));
  }
  const streams = [...new Set(watchNamespaces)].map((namespace) => {
    const options = { ...common, namespace, observer: observer(resource.plural, namespace) };
    return (signal: AbortSignal) => watchResource(options, signal);
  });
  return new SharedWatch((signal) => mergeWatches(streams, signal));
}
