import { expect } from 'chai';
import { openSources } from '../../../src/controller/sources.ts';
import type { KubernetesClient, KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

/** Answers lists with nothing, gets with a namespace, and leaves watches open. */
class EmptyCluster implements KubernetesClient {
  readonly paths: string[] = [];

  async call(request: KubernetesRequest): Promise<unknown> {
    this.#note(request);
    const name = request.path.split('/').at(-1);
    return { metadata: { name, uid: name, resourceVersion: '1' } };
  }

  async stream(
    request: KubernetesRequest,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    this.#note(request);
    return request.verb === 'list' ? emptyList() : silence(signal);
  }

  #note({ verb, path }: KubernetesRequest): void {
    this.paths.push(`${verb} ${path}`);
  }
}

async function* emptyList() {
  yield new TextEncoder().encode('{"metadata":{"resourceVersion":"1"},"items":[]}');
}

async function* silence(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

/** Runs the sources until all that needs no time has been done. */
async function run(watchNamespaces: readonly string[]) {
  const client = new EmptyCluster();
  const clock = new FakeClock();
  const observed: string[] = [];
  const hour = 3_600_000;
  const sources = openSources({
    client,
    watchNamespaces,
    watchTimeoutsMs: { namespaces: hour, configurations: hour, workloads: hour },
    clock,
    random: () => 0.5,
    observer: (resource, namespace) => {
      observed.push(namespace === undefined ? resource : `${resource} ${namespace}`);
      return {};
    },
  });
  expect(client.paths).to.deep.equal([]);
  const ending = new AbortController();
  const running = sources.run(ending.signal);
  await settle();
  await settle();
  const synced = [...sources.all.values()].length;
  const { namespaces, configurations, deployments, replicaSets, pods } = sources;
  const all = [namespaces, configurations, deployments, replicaSets, pods];
  expect(all.map((source) => source.synced)).to.deep.equal(Array(synced).fill(true));
  ending.abort();
  await running;
  expect(clock.sleeping).to.equal(0);
  return { paths: client.paths.sort(), observed: observed.sort(), sources };
}

const PLURALS = ['chaosmonkeyconfigurations', 'deployments', 'namespaces', 'pods', 'replicasets'];

describe('the sources', () => {
  it('are five watches of the whole cluster where no namespace is listed', async () => {
    const { paths, observed, sources } = await run([]);
    const collections = [
      '/api/v1/namespaces',
      '/api/v1/pods',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/replicasets',
      '/apis/cm.massix.github.io/v1/chaosmonkeyconfigurations',
    ];
    expect(paths).to.deep.equal(
      ['list', 'watch'].flatMap((verb) => collections.map((path) => `${verb} ${path}`)),
    );
    expect(observed).to.deep.equal(PLURALS);
    expect([...sources.all.keys()].sort()).to.deep.equal(PLURALS);
  });

  it('are asked for namespace by namespace where some are listed, each once', async () => {
    const { paths, observed, sources } = await run(['shop', 'bank', 'shop']);
    const collections = ['bank', 'shop'].flatMap((namespace) => [
      `/api/v1/namespaces/${namespace}/pods`,
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      `/apis/apps/v1/namespaces/${namespace}/replicasets`,
      `/apis/cm.massix.github.io/v1/namespaces/${namespace}/chaosmonkeyconfigurations`,
    ]);
    expect(paths).to.deep.equal(
      [
        'get /api/v1/namespaces/bank',
        'get /api/v1/namespaces/shop',
        ...['list', 'watch'].flatMap((verb) => collections.map((path) => `${verb} ${path}`)),
      ].sort(),
    );
    expect(observed).to.deep.equal(
      PLURALS.flatMap((plural) => [`${plural} bank`, `${plural} shop`]),
    );
    expect(
      [...sources.namespaces.list()].map(({ metadata }) => metadata.name).sort(),
    ).to.deep.equal(['bank', 'shop']);
  });
});
