import { expect } from 'chai';
import { leases } from '../../../src/kubernetes/resources/leases.ts';
import { textAt } from '../../cluster/support/value.ts';
import { until } from '../controller/support/until.ts';
import {
  DURATION_MS,
  HOME,
  holder,
  LEASE,
  LONGEST_RETRY_MS,
  leaseSpec,
  nextTick,
  pass,
  RENEW_DEADLINE_MS,
  startReplica,
  startScene,
  writes,
} from './support/replicas.ts';

describe('Two replicas', () => {
  it('let one act, and the other one know of it', async () => {
    await using world = await startScene();
    const a = await startReplica(world, 'a');
    const b = await startReplica(world, 'b');
    await world.active('shop', 'kill');
    for (let tick = 0; tick < 3; tick += 1) await nextTick(world);
    expect(holder(world)).to.equal('a');
    expect([a, b].map(({ health }) => health.leadership)).to.deep.equal([
      { leading: true, leader: 'a' },
      { leading: false, leader: 'a' },
    ]);
    expect(writes(world, 'b')).to.deep.equal([]);
    expect(world.deletes.length).to.be.at.least(3);
    const { totalWatchers } = a.health;
    expect(totalWatchers).to.be.above(1);
    expect(b.health.totalWatchers).to.equal(totalWatchers);
  });

  it('hand over at once, and the next tick is not lost and not doubled', async () => {
    await using world = await startScene();
    const a = await startReplica(world, 'a');
    const b = await startReplica(world, 'b');
    await world.active('shop', 'kill');
    await nextTick(world);
    const before = world.clock.monotonic();
    const acts = writes(world, 'a').length;
    await a.stop();
    await until('b to lead', () => b.health.leadership.leading);
    expect(world.clock.monotonic() - before).to.be.below(LONGEST_RETRY_MS);
    expect(leaseSpec(world, 'leaseTransitions')).to.equal(1);
    await world.active('shop', 'kill');
    await nextTick(world);
    await nextTick(world);
    expect(writes(world, 'a').length).to.be.at.least(acts);
    expect(writes(world, 'b').some(({ verb }) => verb === 'delete')).to.equal(true);
    expect(world.deletes).to.have.length(world.ticks('shop', 'kill'));
  });

  it('replace a leader that lost its rights, when the lease has run out and not before', async () => {
    await using world = await startScene();
    await startReplica(world, 'a');
    const b = await startReplica(world, 'b');
    await world.active('shop', 'kill');
    using _forbidden = world.cluster.access.forbid({ user: 'a', resource: leases.plural });
    await pass(world, RENEW_DEADLINE_MS);
    expect([holder(world), b.health.leadership.leading]).to.deep.equal(['a', false]);
    const last = writes(world, 'a').length;
    await pass(world, DURATION_MS - RENEW_DEADLINE_MS + 2 * LONGEST_RETRY_MS);
    await until('b to lead', () => b.health.leadership.leading);
    await nextTick(world);
    expect(writes(world, 'a').slice(last)).to.deep.equal([]);
  });

  it('end what they do when the API server is away, and go on when it is back', async () => {
    await using world = await startScene();
    const a = await startReplica(world, 'a');
    const b = await startReplica(world, 'b');
    await world.active('shop', 'kill');
    {
      await using _away = await world.cluster.faults.refuseConnections();
      await until('a to give up', async () => {
        await pass(world, 1_000);
        return !a.health.leadership.leading;
      });
    }
    await until('one to lead', async () => {
      await pass(world, 500);
      return [a, b].filter(({ health }) => health.leadership.leading).length === 1;
    });
    await world.active('shop', 'kill');
    await nextTick(world);
  });

  it('make the lease anew when somebody deletes it', async () => {
    await using world = await startScene();
    const a = await startReplica(world, 'a');
    const b = await startReplica(world, 'b');
    await world.remove(leases, HOME, LEASE);
    await pass(world, LONGEST_RETRY_MS);
    await until('the lease to be back', () => holder(world) === 'a');
    expect([a, b].map(({ health }) => health.leadership.leading)).to.deep.equal([true, false]);
  });

  it('stop acting when somebody gives the lease to another by hand', async () => {
    await using world = await startScene();
    const a = await startReplica(world, 'a');
    await world.active('shop', 'kill');
    await world.patch(leases, HOME, LEASE, { spec: { holderIdentity: 'somebody' } });
    await pass(world, LONGEST_RETRY_MS);
    await until('a to end', () => !a.health.leadership.leading);
    const last = writes(world, 'a').length;
    await pass(world, 10_000);
    expect(holder(world)).to.equal('somebody');
    expect(writes(world, 'a').slice(last)).to.deep.equal([]);
    await pass(world, DURATION_MS);
    await until('a to lead again', () => a.health.leadership.leading);
  });

  it('need few connections: a watch of the lease only while they follow', async () => {
    await using world = await startScene();
    await startReplica(world, 'a');
    await startReplica(world, 'b');
    const watches = () => world.cluster.faults.openWatches({ resource: leases.plural });
    await until('one watch', () => watches() === 1);
    await pass(world, 60_000);
    expect(watches()).to.equal(1);
  });
});

describe('A replica without', () => {
  it('a rule for the lease says which, and leads once it has it', async () => {
    await using world = await startScene();
    const forbidden = world.cluster.access.forbid({
      user: 'a',
      verb: 'create',
      resource: leases.plural,
    });
    const a = world.controller({ replica: 'a' });
    await until('the problem to be known', () =>
      a.lines.some(({ error }) => textAt(error, 'message').includes('verbs: ["create"]')),
    );
    forbidden[Symbol.dispose]();
    await until('a to lead', async () => {
      await pass(world, LONGEST_RETRY_MS);
      return a.health.leadership.leading;
    });
  });

  it('a namespace for the lease says so, and leads once it is there', async () => {
    await using world = await startScene();
    await world.remove({ group: '', version: 'v1', plural: 'namespaces' }, '', HOME);
    const a = world.controller({ replica: 'a' });
    const said = 'the namespace "chaosmonkey" of the Lease does not exist';
    await until('the problem to be known', () =>
      a.lines.some(({ error }) => textAt(error, 'message').includes(said)),
    );
    await world.namespace(HOME);
    await until('a to lead', async () => {
      await pass(world, LONGEST_RETRY_MS);
      return a.health.leadership.leading;
    });
  });
});
