import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { ApiRegistry } from './api/api-registry.ts';
import { buildCluster } from './build-cluster.ts';
import type { ConvertObject } from './crd/version-codec.ts';
import { type AccessControl, ADMINISTRATOR } from './http/access.ts';
import type { ApiServer } from './http/api-server.ts';
import type { Faults } from './http/faults.ts';
import type { MetricsApi } from './http/metrics-api.ts';
import type { RequestLog } from './http/request-log.ts';
import { kubeconfigText } from './kubeconfig.ts';
import type { ObjectStore } from './store.ts';
import { Workloads, type WorkloadsOptions } from './workloads/workloads.ts';

export interface SimulatedClusterOptions {
  /** Default: the system's. Drives pods, the ends and bookmarks of watches, timestamps and planned delays. */
  readonly clock?: Clock;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Names of pods and their loads belong to it. Default: `simulated`. */
  readonly seed?: string;
  /** How pods live; false: nothing happens by itself, as on a control plane without controllers. */
  readonly workloads?: Pick<WorkloadsOptions, 'timing' | 'events'> | false;
  /** How many nodes there are. Default 2. */
  readonly nodes?: number;
  /** Whether there is a metrics server; pods are measured from this age, ms. Default: from the start. */
  readonly metrics?: { readonly minimumAgeMs?: number } | false;
  /** In place of conversion webhooks, by the name of the definition. Default: only the version changes. */
  readonly conversions?: Readonly<Record<string, ConvertObject>>;
  /** How many changes of each resource are remembered at least. Default 10,000. */
  readonly historyLimit?: number;
  /** Told of errors nobody foresaw. Default: they are thrown out of the process. */
  readonly onError?: (error: unknown) => void;
}

/** What a running cluster consists of. */
export interface ClusterParts {
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  readonly access: AccessControl;
  readonly metrics: MetricsApi;
  readonly server: ApiServer;
  /** Released when the cluster ends, the last first. */
  readonly resources: AsyncDisposableStack;
}

/** A Kubernetes API on loopback with pods that live, in this process. */
export class SimulatedCluster implements AsyncDisposable {
  /** The objects: reading and writing here is as good as through the API, without its checks. */
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  /** Tokens and what is forbidden. */
  readonly access: AccessControl;
  readonly metrics: MetricsApi;
  /** Misbehaviour on demand. */
  readonly faults: Faults;
  /** What has been asked and answered. */
  readonly requests: RequestLog;
  /** A bearer token of the administrator. */
  readonly token: string = randomUUID();
  readonly #parts: ClusterParts;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.store = parts.store;
    this.registry = parts.registry;
    this.access = parts.access;
    this.metrics = parts.metrics;
    this.faults = parts.server.faults;
    this.requests = parts.server.requests;
    this.access.addToken(this.token, ADMINISTRATOR);
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return this.#parts.server.url;
  }

  get port(): number {
    return this.#parts.server.port;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#parts.server.connections;
  }

  /** A kubeconfig for the administrator. */
  get kubeconfig(): string {
    return kubeconfigText(this.url, this.token);
  }

  /** Writes the kubeconfig, readable by its owner only. */
  async writeKubeconfig(path: string): Promise<void> {
    await writeFile(path, this.kubeconfig, { mode: 0o600 });
  }

  /** Ends all connections, watches and pods; nothing of it is left then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.resources.disposeAsync();
  }
}

/** Starts a cluster with its namespaces and nodes. @throws ChaosError ERR_SERVER_LISTEN */
export async function startSimulatedCluster(
  options: SimulatedClusterOptions = {},
): Promise<SimulatedCluster> {
  const { clock = systemClock, onError = throwLater, seed = 'simulated', workloads = {} } = options;
  const parts = await buildCluster({ ...options, clock, onError, seed });
  try {
    if (workloads) {
      const stop = new AbortController();
      const running = new Workloads({ ...workloads, store: parts.store, clock, seed })
        .run(stop.signal)
        .catch((error: unknown) => {
          if (!stop.signal.aborted) onError(error);
        });
      parts.resources.defer(async () => {
        stop.abort();
        await running;
      });
    }
    await parts.server.listen(options.port ?? 0);
  } catch (error) {
    await parts.resources.disposeAsync();
    throw error;
  }
  return new SimulatedCluster(parts);
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
