import { expect } from 'chai';
import { type SimulatedCluster, startSimulatedCluster } from '../../../src/playground/cluster.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { call, configMap, post, watchEvents } from './api-client.ts';

const PATH = '/api/v1/namespaces/default/configmaps';

describe('a watch of the simulated cluster', () => {
  let cluster: SimulatedCluster;
  let clock: FakeClock;
  let stop: AbortController;
  beforeEach(async () => {
    clock = new FakeClock();
    cluster = await startSimulatedCluster({ workloads: false, clock });
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await cluster[Symbol.asyncDispose]();
  });

  const open = async (query: string) => {
    const events = watchEvents(cluster, `${PATH}?watch=1&${query}`, stop.signal);
    await post(cluster, PATH, configMap('first'));
    expect((await events.next()).value?.type).to.equal('ADDED');
    return events;
  };

  it('ends after its timeout', async () => {
    const events = await open('timeoutSeconds=30');
    await clock.advance(29_000);
    expect(cluster.faults.openWatches()).to.equal(1);
    await clock.advance(1_000);
    expect((await events.next()).done).to.equal(true);
  });

  it('says every minute how far it is, when asked to', async () => {
    const events = await open('allowWatchBookmarks=true');
    await post(cluster, '/api/v1/namespaces/default/secrets', {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'x' },
    });
    await clock.advance(60_000);
    const { value } = await events.next();
    expect([value?.type, Object(value?.object.metadata).resourceVersion]).to.deep.equal([
      'BOOKMARK',
      String(cluster.store.revision),
    ]);
  });

  it('of an object that leaves the selector is told that it is gone', async () => {
    const labelled = (labels: unknown) => ({ metadata: { labels } });
    await post(cluster, PATH, {
      ...Object(configMap('x')),
      metadata: { name: 'x', labels: { a: 'b' } },
    });
    const events = watchEvents(cluster, `${PATH}?watch=1&labelSelector=a%3Db`, stop.signal);
    const types = [(await events.next()).value?.type];
    for (const a of ['c', 'b']) {
      await call(cluster, `${PATH}/x`, {
        method: 'PATCH',
        body: JSON.stringify(labelled({ a })),
        headers: { 'Content-Type': 'application/merge-patch+json' },
      });
      types.push((await events.next()).value?.type);
    }
    expect(types).to.deep.equal(['ADDED', 'DELETED', 'ADDED']);
  });

  it('from a revision that is forgotten is an error event', async () => {
    await post(cluster, PATH, configMap('x'));
    const revision = cluster.store.revision;
    await post(cluster, PATH, configMap('y'));
    cluster.store.compact();
    const events = watchEvents(cluster, `${PATH}?watch=1&resourceVersion=${revision}`, stop.signal);
    const { value } = await events.next();
    expect([value?.type, value?.object.reason]).to.deep.equal(['ERROR', 'Expired']);
    expect((await events.next()).done).to.equal(true);
  });

  it('is forgotten when the client leaves', async () => {
    await open('');
    stop.abort();
    await post(cluster, PATH, configMap('y'));
    while (cluster.faults.openWatches() > 0) await new Promise(setImmediate);
    expect(cluster.faults.openWatches()).to.equal(0);
  });
});

describe('a long list of the simulated cluster', () => {
  it('is of one revision, page by page, whatever happens meanwhile', async () => {
    await using cluster = await startSimulatedCluster({ workloads: false });
    const maps = cluster.store.collection('configmaps');
    for (let index = 0; index < 1_000; index++) {
      maps.create({ metadata: { name: `x-${index}`, namespace: 'default' } });
    }
    const expected = [...maps.list()].map(({ metadata }) => Object(metadata).name);
    const seen: string[] = [];
    let token = '';
    do {
      const { body } = await call(cluster, `${PATH}?limit=300&continue=${token}`);
      for (const item of Object(body).items) seen.push(item.metadata.name);
      const metadata = Object(body.metadata);
      token = metadata.continue ?? '';
      if (token !== '') expect(metadata.remainingItemCount).to.equal(1_000 - seen.length);
      for (const name of expected.slice(0, 500)) {
        if (maps.get('default', name) && seen.length % 600 === 0) maps.delete('default', name);
      }
      maps.create({ metadata: { name: `y-${seen.length}`, namespace: 'default' } });
    } while (token !== '');
    expect(seen).to.deep.equal(expected);
  });

  it('leaves nothing running in the process', async () => {
    const cluster = await startSimulatedCluster();
    await cluster[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    const left = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap');
    expect(left).to.deep.equal([]);
  });
});
