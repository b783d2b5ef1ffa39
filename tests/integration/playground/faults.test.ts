import { expect } from 'chai';
import { type SimulatedCluster, startSimulatedCluster } from '../../../src/playground/cluster.ts';
import { call, configMap, post, watchEvents } from './api-client.ts';

const PATH = '/api/v1/namespaces/default/configmaps';

describe('the simulated cluster, told to misbehave,', () => {
  let cluster: SimulatedCluster;
  beforeEach(async () => {
    cluster = await startSimulatedCluster({ workloads: false });
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const breaks = (sent: Promise<unknown>) =>
    sent.then(
      () => 'answered',
      () => 'broken',
    );
  const stored = (name: string) =>
    cluster.store.collection('configmaps').get('default', name) !== undefined;

  it('answers with a status as often as it is told, and says when to come again', async () => {
    cluster.faults.plan(
      { verb: 'create', resource: 'configmaps' },
      { type: 'status', code: 429, reason: 'TooManyRequests', retryAfterSeconds: 7 },
      2,
    );
    expect((await call(cluster, PATH)).code).to.equal(200);
    for (const expected of [429, 429, 201]) {
      const { code, headers } = await post(cluster, PATH, configMap('x'));
      expect([code, headers.get('retry-after')]).to.deep.equal([
        expected,
        expected === 429 ? '7' : null,
      ]);
    }
  });

  it('resets before a request takes effect', async () => {
    cluster.faults.plan({ verb: 'create' }, { type: 'reset', when: 'before' });
    expect(await breaks(post(cluster, PATH, configMap('x')))).to.equal('broken');
    expect(stored('x')).to.equal(false);
  });

  it('resets after a request took effect', async () => {
    cluster.faults.plan({ verb: 'create' }, { type: 'reset', when: 'after' });
    expect(await breaks(post(cluster, PATH, configMap('x')))).to.equal('broken');
    expect(stored('x')).to.equal(true);
    expect(cluster.requests.recent({ verb: 'create' }).map(({ code }) => code)).to.deep.equal([0]);
  });

  it('resets amid an answer', async () => {
    cluster.faults.plan({ verb: 'list' }, { type: 'reset', when: 'midway' });
    expect(await breaks(call(cluster, PATH))).to.equal('broken');
    expect(await breaks(call(cluster, PATH))).to.equal('answered');
  });

  it('holds an answer back, the deed done', async () => {
    const held = Promise.withResolvers<void>();
    cluster.faults.plan({ verb: 'create' }, { type: 'hold', when: 'after', until: held.promise });
    const changed = Promise.withResolvers<void>();
    using _change = cluster.store.collection('configmaps').subscribe(() => changed.resolve());
    const answer = post(cluster, PATH, configMap('x'));
    await changed.promise;
    expect(cluster.requests.count('create', 'configmaps')).to.equal(0);
    held.resolve();
    expect((await answer).code).to.equal(201);
  });

  it('answers a page token as one that is too old', async () => {
    for (const name of ['a', 'b', 'c']) await post(cluster, PATH, configMap(name));
    const first = await call(cluster, `${PATH}?limit=1`);
    const next = `${PATH}?limit=1&continue=${Object(first.body.metadata).continue}`;
    cluster.faults.plan({ verb: 'list' }, { type: 'expire-page' });
    const { code, body } = await call(cluster, next);
    expect([code, body.reason]).to.deep.equal([410, 'Expired']);
    const rest = `${PATH}?continue=${Object(body.metadata).continue}`;
    expect((await call(cluster, rest)).body.items).to.have.length(2);
  });

  it('refuses connections and takes them again on the same port', async () => {
    const { port } = cluster;
    {
      await using _refusal = await cluster.faults.refuseConnections();
      expect(await breaks(call(cluster, PATH))).to.equal('broken');
    }
    expect((await call(cluster, PATH)).code).to.equal(200);
    expect(cluster.port).to.equal(port);
  });

  describe('in an open watch', () => {
    const opened = async (signal: AbortSignal) => {
      const events = watchEvents(cluster, `${PATH}?watch=1`, signal);
      await post(cluster, PATH, configMap('x'));
      expect((await events.next()).value?.type).to.equal('ADDED');
      return events;
    };
    let stop: AbortController;
    beforeEach(() => {
      stop = new AbortController();
    });
    afterEach(() => stop.abort());

    it('says that its place is forgotten, and ends', async () => {
      const events = await opened(stop.signal);
      expect(cluster.faults.failWatches({ resource: 'configmaps' })).to.equal(1);
      const { value } = await events.next();
      expect([value?.type, value?.object.code]).to.deep.equal(['ERROR', 410]);
      expect((await events.next()).done).to.equal(true);
    });

    it('ends in order', async () => {
      const events = await opened(stop.signal);
      cluster.faults.endWatches();
      expect((await events.next()).done).to.equal(true);
      expect(cluster.faults.openWatches()).to.equal(0);
    });

    it('breaks the connection', async () => {
      const events = await opened(stop.signal);
      cluster.faults.resetWatches();
      expect(await breaks(events.next())).to.equal('broken');
    });

    it('breaks the connection in the middle of a line', async () => {
      const events = await opened(stop.signal);
      cluster.faults.cutWatches();
      await post(cluster, PATH, configMap('y'));
      expect(await breaks(events.next())).to.equal('broken');
    });

    it('sends nothing any more', async () => {
      const events = await opened(stop.signal);
      const silent = events.next().catch(() => 'aborted');
      cluster.faults.silenceWatches();
      await post(cluster, PATH, configMap('y'));
      await call(cluster, PATH);
      expect(cluster.faults.openWatches()).to.equal(1);
      stop.abort();
      expect(await silent).to.equal('aborted');
    });
  });

  it('refuses what is forbidden in the words of the authorizer, and a token it does not know', async () => {
    using _rule = cluster.access.forbid({ verb: 'delete', resource: 'pods' });
    const { code, body } = await call(cluster, '/api/v1/namespaces/default/pods/x', {
      method: 'DELETE',
    });
    expect([code, body.message]).to.deep.equal([
      403,
      'pods "x" is forbidden: User "kubernetes-admin" cannot delete resource "pods" in API group "" in the namespace "default"',
    ]);
    cluster.access.revokeToken(cluster.token);
    expect((await call(cluster, PATH)).code).to.equal(401);
  });

  it('leaves no connection behind when it ends', async () => {
    const stop = new AbortController();
    const events = watchEvents(cluster, `${PATH}?watch=1`, stop.signal);
    await post(cluster, PATH, configMap('x'));
    await events.next();
    await cluster[Symbol.asyncDispose]();
    expect(await breaks(events.next())).to.equal('broken');
    expect(cluster.connections).to.equal(0);
  });
});
