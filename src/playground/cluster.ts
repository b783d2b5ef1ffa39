import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { ApiRegistry } from './api/api-registry.ts';
import { loadDiscovery, loadDocuments } from './api/openapi-documents.ts';
import { CustomResources } from './crd/definitions.ts';
import type { ConvertObject } from './crd/version-codec.ts';
import { AccessControl, ADMINISTRATOR } from './http/access.ts';
import { ApiServer } from './http/api-server.ts';
import type { Faults } from './http/faults.ts';
import { pages } from './http/pages.ts';
import type { RequestLog } from './http/request-log.ts';
import { type RouterOptions, route } from './http/router.ts';
import { SUBRESOURCES } from './http/subresources.ts';
import { bootstrap } from './kinds/bootstrap.ts';
import { serveBuiltIn } from './kinds/built-in.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { ObjectStore } from './store.ts';

export interface SimulatedClusterOptions {
  /** Default: the system's. Drives watches' ends and bookmarks, timestamps and planned delays. */
  readonly clock?: Clock;
  /** Default 0: any free port. */
  readonly port?: number;
  /** How many changes of each resource are remembered at least. Default 10,000. */
  readonly historyLimit?: number;
  /** In place of conversion webhooks, by the name of the definition. Default: only the version changes. */
  readonly conversions?: Readonly<Record<string, ConvertObject>>;
  /** Told of errors nobody foresaw. Default: they are thrown out of the process. */
  readonly onError?: (error: unknown) => void;
}

/** A Kubernetes API on loopback, in this process. */
export class SimulatedCluster implements AsyncDisposable {
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  readonly access: AccessControl;
  /** Of the administrator. */
  readonly token: string;
  readonly #server: ApiServer;
  readonly #following: Disposable;

  constructor(
    parts: Pick<SimulatedCluster, 'store' | 'registry' | 'access' | 'token'>,
    server: ApiServer,
    following: Disposable,
  ) {
    this.#following = following;
    this.store = parts.store;
    this.registry = parts.registry;
    this.access = parts.access;
    this.token = parts.token;
    this.#server = server;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return this.#server.url;
  }

  get port(): number {
    return this.#server.port;
  }

  get faults(): Faults {
    return this.#server.faults;
  }

  /** What has been asked and answered. */
  get requests(): RequestLog {
    return this.#server.requests;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#server.connections;
  }

  /** A kubeconfig for the administrator. */
  get kubeconfig(): string {
    return kubeconfigText(this.url, this.token);
  }

  /** Writes the kubeconfig, readable by its owner only. */
  async writeKubeconfig(path: string): Promise<void> {
    await writeFile(path, this.kubeconfig, { mode: 0o600 });
  }

  /** Ends all connections and watches; nothing of it is left then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    this.#following[Symbol.dispose]();
  }
}

/** Starts a cluster with its namespaces and nothing else. @throws ChaosError ERR_SERVER_LISTEN */
export async function startSimulatedCluster(
  options: SimulatedClusterOptions = {},
): Promise<SimulatedCluster> {
  const {
    clock = systemClock,
    port = 0,
    historyLimit,
    onError = throwLater,
    conversions = {},
  } = options;
  const [documents, discovery] = await Promise.all([loadDocuments(), loadDiscovery()]);
  const store = new ObjectStore({ clock, ...(historyLimit === undefined ? {} : { historyLimit }) });
  const registry = new ApiRegistry();
  serveBuiltIn({ store, registry, documents, discovery });
  const custom = new CustomResources({ store, registry, documents, conversions });
  const following = custom.follow();
  bootstrap(store);
  const access = new AccessControl();
  const token = randomUUID();
  access.addToken(token, ADMINISTRATOR);
  const router: RouterOptions = {
    store,
    registry,
    discovery: { registry, virtual: () => [] },
    pages: pages(() => new Map([...documents, ...custom.documents])),
    subresources: SUBRESOURCES,
    virtual: new Map(),
    address: () => server.url.replace('http://', ''),
  };
  const server = new ApiServer({ clock, access, onError, answer: (call) => route(router, call) });
  await server.listen(port);
  return new SimulatedCluster({ store, registry, access, token }, server, following);
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
