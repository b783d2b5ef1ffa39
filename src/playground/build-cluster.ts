import type { Clock } from '../runtime/clock.ts';
import { ApiRegistry } from './api/api-registry.ts';
import { loadDiscovery, loadDocuments } from './api/openapi-documents.ts';
import type { ClusterParts, SimulatedClusterOptions } from './cluster.ts';
import { CustomResources } from './crd/definitions.ts';
import { AccessControl } from './http/access.ts';
import { accessReviews } from './http/access-reviews.ts';
import { ApiServer } from './http/api-server.ts';
import type { Call } from './http/call.ts';
import type { VirtualResource } from './http/discovery.ts';
import { MetricsApi } from './http/metrics-api.ts';
import { pages } from './http/pages.ts';
import { type RouterOptions, route } from './http/router.ts';
import { SUBRESOURCES } from './http/subresources.ts';
import { bootstrap } from './kinds/bootstrap.ts';
import { serveBuiltIn, splitGroupVersion } from './kinds/built-in.ts';
import { isJsonObject, type JsonObject } from './patch/json.ts';
import { ObjectStore } from './store.ts';
import { listAt, textAt } from './tables/read.ts';
import { PodMetrics } from './workloads/pod-metrics.ts';

export interface BuildOptions extends SimulatedClusterOptions {
  readonly clock: Clock;
  readonly seed: string;
  readonly onError: (error: unknown) => void;
}

/** Puts a cluster together that does not listen yet. */
export async function buildCluster(options: BuildOptions): Promise<ClusterParts> {
  const { clock, seed, onError, historyLimit, metrics: measured = {}, conversions = {} } = options;
  const [documents, discovery] = await Promise.all([loadDocuments(), loadDiscovery()]);
  const resources = new AsyncDisposableStack();
  const store = new ObjectStore({ clock, ...(historyLimit === undefined ? {} : { historyLimit }) });
  const registry = new ApiRegistry();
  serveBuiltIn({ store, registry, documents, discovery });
  const custom = new CustomResources({ store, registry, documents, conversions });
  resources.use(custom.follow());
  bootstrap(store, options.nodes ?? 2);
  const metrics = new MetricsApi(store, new PodMetrics({ clock, seed, ...measured }));
  metrics.available = measured !== false;
  const access = new AccessControl();
  const measure = (call: Call) => metrics.answer(call);
  const reviews = notStored(discovery);
  const router: RouterOptions = {
    store,
    registry,
    discovery: { registry, virtual: () => [...reviews, ...metrics.resources] },
    pages: pages(() => new Map([...documents, ...custom.documents])),
    subresources: SUBRESOURCES,
    virtual: new Map([
      ...accessReviews(access),
      ['metrics.k8s.io/v1beta1/pods', measure],
      ['metrics.k8s.io/v1beta1/nodes', measure],
    ]),
    address: () => server.url.replace('http://', ''),
  };
  const server = resources.use(
    new ApiServer({ clock, access, onError, answer: (call) => route(router, call) }),
  );
  return { store, registry, access, metrics, server, resources };
}

/** Built-in resources that are answered and not stored, as discovery tells of them. */
function notStored(discovery: JsonObject): readonly VirtualResource[] {
  return listAt(discovery, 'groups').flatMap((version) => {
    const [group, name] = splitGroupVersion(textAt(version, 'groupVersion'));
    const entries = listAt(version, 'resources').filter(isJsonObject);
    return entries
      .filter(
        (entry) => !listAt(entry, 'verbs').includes('list') && !textAt(entry, 'name').includes('/'),
      )
      .map((entry) => ({ group, version: name, entry }));
  });
}
