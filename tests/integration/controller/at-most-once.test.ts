import { expect } from 'chai';
import { configurations } from '../../../src/configuration/resource.ts';
import { numberAt, textAt } from '../../cluster/support/value.ts';
import { until } from './support/until.ts';
import { PLURAL, World } from './support/world.ts';

const CLAIM = { verb: 'patch', resource: `${PLURAL}/status`, name: 'kill' };
const DELETE = { verb: 'delete', resource: 'pods' };

describe('a tick acts at most once', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 3);
  });

  afterEach(() => world[Symbol.asyncDispose]());

  /** A controller with an active killPod configuration whose status has been written. */
  const start = async (shape = {}, spec = {}) => {
    const controller = world.controller(shape);
    await world.configure('shop', 'kill', spec);
    await world.active('shop', 'kill');
    await until('the promise', () => textAt(world.status('shop', 'kill'), 'nextExecution'));
    return controller;
  };
  const lastOutcome = () => Object(world.status('shop', 'kill')).lastOutcome;

  it('after a conflict of its claim with another writer, with the newer resourceVersion', async () => {
    await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.cluster.faults.plan(CLAIM, { type: 'hold', when: 'before', until: promise });
    await world.clock.skip(10_000);
    await world.patch(configurations, 'shop', 'kill', {
      metadata: { annotations: { note: 'mine' } },
    });
    resolve();
    expect(await world.outcomeOf('shop', 'kill', 1)).to.equal('Acted Acted');
    const codes = world.cluster.requests.recent(CLAIM).map(({ code }) => code);
    expect(codes).to.include(409);
    expect(world.deletes).to.have.length(1);
  });

  it('and leaves an occasion alone that somebody else has claimed', async () => {
    const controller = await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.cluster.faults.plan(CLAIM, { type: 'hold', when: 'before', until: promise });
    await world.clock.skip(10_000);
    world.cluster.store
      .collection('chaosmonkeyconfigurations.cm.massix.github.io')
      .modify('shop', 'kill', (object) => ({
        ...object,
        status: { ...Object(object.status), ticks: 1 },
      }));
    resolve();
    await until('it to be left alone', () =>
      controller.log.some((line) => line.includes('tick 1 was claimed by somebody else')),
    );
    expect(world.deletes).to.deep.equal([]);
    expect(await world.tick('shop', 'kill', 2)).to.equal('Acted Acted');
  });

  it('and not at all for a spec that changed between the look and the claim', async () => {
    const controller = await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.cluster.faults.plan(CLAIM, { type: 'hold', when: 'before', until: promise });
    await world.clock.skip(10_000);
    await world.patch(configurations, 'shop', 'kill', { spec: { enabled: false } });
    resolve();
    await world.active('shop', 'kill', 'False Disabled');
    await until('the watcher to end', () => controller.health.totalWatchers === 3);
    expect(world.deletes).to.deep.equal([]);
  });

  it('and not when the answer to its claim is lost: the tick counts, Unknown is not an act', async () => {
    const controller = await start();
    world.cluster.faults.plan(CLAIM, { type: 'reset', when: 'after' });
    await world.clock.skip(10_000);
    await until('it to be given up', () =>
      controller.lines.some(({ reason }) => reason === 'NotClaimed'),
    );
    expect(world.deletes).to.deep.equal([]);
    await until('the claim to be stored', () => world.ticks('shop', 'kill') === 1);
    await world.clock.skip(1_000);
    expect(await world.outcomeOf('shop', 'kill', 2)).to.equal('Acted Acted');
    expect(world.deletes).to.have.length(1);
  });

  it('and not when its claim is refused', async () => {
    const controller = await start();
    world.cluster.faults.plan(CLAIM, { type: 'status', code: 500 });
    await world.clock.skip(10_000);
    await until('it to be given up', () =>
      controller.lines.some(({ reason }) => reason === 'NotClaimed'),
    );
    expect(world.deletes).to.deep.equal([]);
    expect(world.ticks('shop', 'kill')).to.equal(0);
    await world.clock.skip(1_000);
    expect(await world.outcomeOf('shop', 'kill', 1)).to.equal('Acted Acted');
  });

  for (const [when, effect] of [
    ['after', 'it took effect'],
    ['before', 'it did not'],
  ] as const) {
    it(`a lost answer to a delete is looked up and not repeated, when ${effect}`, async () => {
      await start();
      const before = world.pods('shop', 'web');
      world.cluster.faults.plan(DELETE, { type: 'reset', when });
      const outcome = await world.tick('shop', 'kill', 1);
      expect(world.deletes).to.have.length(1);
      expect(world.cluster.requests.recent({ verb: 'get', resource: 'pods' })).to.have.length(1);
      if (when === 'after') {
        expect(outcome).to.equal('Acted Acted');
        expect(world.pods('shop', 'web')).to.not.deep.equal(before);
      } else {
        expect(outcome).to.equal('Failed Unreachable');
        expect(world.pods('shop', 'web')).to.deep.equal(before);
      }
    });
  }

  it("the victim's successor of the same name is spared (UID)", async () => {
    await world.scale('shop', 'web', 1);
    await until('one pod', () => world.isReady('shop', 'web', 1));
    await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.cluster.faults.plan(DELETE, { type: 'hold', when: 'before', until: promise });
    await world.clock.skip(10_000);
    await until('the claim', () => world.ticks('shop', 'kill') === 1);
    const pods = world.cluster.store.collection('pods');
    const [name = ''] = world.pods('shop', 'web');
    const { uid: _uid, ...metadata } = Object(pods.require('shop', name).metadata);
    const victim = pods.require('shop', name);
    pods.delete('shop', name, { gracePeriodSeconds: 0 });
    pods.create({ ...victim, metadata });
    resolve();
    expect(await world.outcomeOf('shop', 'kill', 1)).to.equal('Skipped VictimGone');
    expect(pods.get('shop', name)).to.not.equal(undefined);
  });

  describe('over a restart', () => {
    it('a crash between claim and outcome reads Unknown and is not repeated', async () => {
      const controller = await start();
      const { promise, resolve } = Promise.withResolvers<void>();
      world.cluster.faults.plan(DELETE, { type: 'hold', when: 'before', until: promise });
      await world.clock.skip(10_000);
      await until('the claim', () => world.ticks('shop', 'kill') === 1);
      await controller.crash(() => world.clock.skip(1_000));
      resolve();
      expect(lastOutcome()).to.equal(undefined);
      world.controller();
      await until('Unknown', () => lastOutcome()?.result === 'Unknown');
      expect(lastOutcome()).to.include({ reason: 'Interrupted', tick: 1 });
      const deletes = world.deletes.length;
      expect(await world.tick('shop', 'kill', 2)).to.equal('Acted Acted');
      expect(world.deletes).to.have.length(deletes + 1);
    });

    it('the due time in the status still holds', async () => {
      const controller = await start();
      const due = textAt(world.status('shop', 'kill'), 'nextExecution');
      await world.clock.skip(4_000);
      await controller.stop();
      const second = world.controller();
      await until('the second', () => second.health.totalWatchers === 4);
      await world.clock.skip(5_000);
      expect(textAt(world.status('shop', 'kill'), 'nextExecution')).to.equal(due);
      expect(world.ticks('shop', 'kill')).to.equal(0);
      expect(await world.tick('shop', 'kill', 1, 1_000)).to.equal('Acted Acted');
    });

    it('what is overdue is spread over one timeout, so that a restart is no salvo', async () => {
      await world.namespace('many');
      const count = 40;
      for (let at = 0; at < count; at += 1)
        await world.configure('many', `kill-${at}`, {
          deployment: { name: `web-${at}` },
          timeout: '1m',
        });
      for (let at = 0; at < count; at += 1) await world.deploy('many', `web-${at}`, 0);
      const controller = world.controller();
      for (let at = 0; at < count; at += 1) {
        await world.active('many', `kill-${at}`);
        await until('a promise', () => textAt(world.status('many', `kill-${at}`), 'nextExecution'));
      }
      await controller.stop();
      await world.clock.skip(600_000);
      const began = world.clock.now();
      world.controller();
      const dues = await until('new promises', () => {
        const all = Array.from({ length: count }, (_, at) =>
          Date.parse(textAt(world.status('many', `kill-${at}`), 'nextExecution')),
        );
        return all.every((due) => due > began) && all;
      });
      const seconds = dues.map((due) => (due - began) / 1_000);
      expect(Math.max(...seconds)).to.be.below(62);
      for (const [from, to] of [
        [0, 20],
        [20, 40],
        [40, 62],
      ] as const) {
        const share = seconds.filter((second) => second >= from && second < to).length;
        expect(share, `${from}..${to} s`).to.be.within(4, 26);
      }
    });

    it('nobody is told again what was said once', async () => {
      const controller = await start();
      await until('all Events', () => world.events('shop').length === 4);
      await until("the namespace's", () => world.events('default').length === 1);
      const before = world.events('shop').sort();
      await controller.stop();
      const creates = world.cluster.requests.count('create', 'events');
      const second = world.controller();
      await until('the second', () => second.health.totalWatchers === 4);
      await world.clock.skip(2_000);
      expect(world.events('shop').sort()).to.deep.equal(before);
      expect(world.cluster.requests.count('create', 'events')).to.equal(creates);
    });
  });

  it('the same cluster and seed give the same victims', async () => {
    const victims = async (seed: string): Promise<readonly string[]> => {
      await using twin = await World.start({ seed: 'twin' });
      await twin.namespace('shop');
      await twin.deploy('shop', 'web', 6);
      twin.controller({ seed });
      await twin.configure('shop', 'kill');
      await twin.active('shop', 'kill');
      for (let number = 1; number <= 5; number += 1) {
        await twin.clock.skip(2_000);
        await twin.tick('shop', 'kill', number, 8_000);
        await until('a successor', () => twin.isReady('shop', 'web', 6));
      }
      return twin.deletes;
    };
    const first = await victims('monday');
    expect(new Set(first).size).to.equal(5);
    expect(await victims('monday')).to.deep.equal(first);
    expect(await victims('tuesday')).to.not.deep.equal(first);
  });

  it('writes at most twice a tick, and once for a skip', async () => {
    await start();
    const writes = () => world.cluster.requests.count('patch', `${PLURAL}/status`);
    let before = writes();
    await world.tick('shop', 'kill', 1);
    expect(writes() - before).to.equal(2);
    await world.scale('shop', 'web', 0);
    await until('no pods', () => world.isReady('shop', 'web', 0));
    await world.tick('shop', 'kill', 2);
    before = writes();
    await world.tick('shop', 'kill', 3);
    await world.tick('shop', 'kill', 4);
    expect(writes() - before).to.equal(2);
    expect(numberAt(world.status('shop', 'kill'), 'lastOutcome', 'tick')).to.equal(4);
  });
});
