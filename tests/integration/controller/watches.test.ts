import { expect } from 'chai';
import type { RunningController } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const RESOURCES = [
  'namespaces',
  'chaosmonkeyconfigurations',
  'deployments',
  'replicasets',
  'pods',
] as const;

describe('the watches of the controller', () => {
  let world: World;
  let controller: RunningController;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 2);
    await world.configure('shop', 'kill');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const start = async () => {
    controller = world.controller();
    await world.active('shop', 'kill');
    await watching();
  };

  const watching = () =>
    until(
      'five watches',
      () => world.cluster.faults.openWatches() === RESOURCES.length,
      () => controller.log,
    );

  /** Shows that it sees namespaces, configurations, deployments and pods that come now, and acts on them. */
  const works = async (name: string) => {
    await world.namespace(name);
    await world.configure(name, 'kill');
    await world.active(name, 'kill', 'False TargetMissing');
    await world.deploy(name, 'web', 1);
    await world.active(name, 'kill');
    await until(
      'its pod to be seen',
      async () => (await controller.metric('podwatcher_pods_active', { namespace: name })) === 1,
    );
    expect(await world.tick(name, 'kill', 1)).to.equal('Acted Acted');
  };

  it('are five for the whole cluster, however many namespaces there are', async () => {
    for (let team = 0; team < 20; team += 1) {
      await world.namespace(`team-${team}`);
      await world.configure(`team-${team}`, 'kill', { deployment: { name: 'none' } });
    }
    await start();
    for (let team = 0; team < 20; team += 1)
      await world.active(`team-${team}`, 'kill', 'False TargetMissing');
    expect(world.cluster.faults.openWatches()).to.equal(5);
    expect(world.cluster.connections).to.be.at.most(12 + 6);
  });

  for (const resource of RESOURCES) {
    it(`a 410 on ${resource} does not stop the controller, nor restart a watcher`, async () => {
      await start();
      const spawned = await controller.metric('crdwatcher_pw_spawned', { namespace: 'shop' });
      expect(world.cluster.faults.failWatches({ verb: 'watch', resource })).to.equal(1);
      await until(
        'the list',
        () => world.cluster.requests.recent({ verb: 'list', resource }).length >= 2,
      );
      await watching();
      await works('after');
      const restarts = { resource, cause: 'expired' };
      expect(await controller.metric('watch_restarts_total', restarts)).to.equal(1);
      const after = await controller.metric('crdwatcher_pw_spawned', { namespace: 'shop' });
      expect(after).to.equal(spawned);
    });
  }

  it('a 410 on all of them at once, again and again, loses nothing', async () => {
    await start();
    for (let round = 0; round < 5; round += 1) {
      world.cluster.store.compact();
      world.cluster.faults.failWatches();
      await world.clock.skip(1_000);
      await watching();
    }
    await works('after');
  });

  const endings: readonly [string, () => unknown][] = [
    ['end in order', () => world.cluster.faults.endWatches()],
    ['are reset', () => world.cluster.faults.resetWatches()],
    ['are cut in the middle of an event', () => world.cluster.faults.cutWatches()],
  ];
  for (const [how, end] of endings) {
    it(`go on without restarting a watcher when they ${how}`, async () => {
      await start();
      const due = Object(world.status('shop', 'kill')).nextExecution;
      end();
      await until('them to be begun again', async () => {
        await world.label('shop', String(world.cluster.store.revision % 2 === 0));
        await world.label('shop', 'true');
        await world.clock.skip(10);
        return (
          ((await controller.metric('watch_restarts_total', { resource: 'namespaces' })) ?? 0) > 0
        );
      });
      await works('after');
      if (how !== 'are cut in the middle of an event')
        expect(Date.parse(due)).to.be.at.most(world.clock.now());
      expect(controller.health.broken).to.equal(undefined);
    });
  }

  it('that fall silent are begun again after a while', async () => {
    await start();
    expect(world.cluster.faults.silenceWatches()).to.equal(5);
    await world.namespace('unseen');
    await world.clock.skip(155_000);
    await until('it to be seen', () =>
      controller.lines.some(
        ({ namespace, msg }) => namespace === 'unseen' && /opted in/.test(String(msg)),
      ),
    );
    expect(await controller.metric('watch_restarts_total', { cause: 'idle' })).to.equal(5);
  });

  it('renew themselves by their time-out without restarting anything', async () => {
    controller = world.controller({ watchTimeoutMs: 60_000 });
    await world.active('shop', 'kill');
    await watching();
    for (let minute = 0; minute < 3; minute += 1) {
      await world.clock.skip(61_000);
      await watching();
    }
    expect(await controller.metric('watch_restarts_total', { cause: 'timeout' })).to.be.at.least(
      10,
    );
    expect(await controller.metric('crdwatcher_pw_spawned', { namespace: 'shop' })).to.equal(1);
    expect(controller.log.filter((line) => /^(warn|error)/.test(line))).to.deep.equal([]);
    await works('after');
  });

  it('survive the API server restarting, in the middle of ticks', async () => {
    await start();
    const away = await world.cluster.faults.refuseConnections();
    await until('it to be noticed', () => !controller.health.api.reached);
    expect(controller.health.api.error).to.match(/connection to the API server failed/);
    await world.clock.skip(35_000);
    await until('the tick to be given up', () =>
      controller.lines.some(({ reason }) => reason === 'NotClaimed'),
    );
    expect(world.deletes).to.deep.equal([]);
    await away[Symbol.asyncDispose]();
    await until('it to be reached', async () => {
      await world.clock.skip(1_000);
      return controller.health.api.reached;
    });
    await until('the tick to be tried again', async () => {
      await world.clock.skip(1_000);
      return world.ticks('shop', 'kill') > 0;
    });
    const ticks = world.ticks('shop', 'kill');
    expect(await world.outcomeOf('shop', 'kill', ticks)).to.match(/^(Acted|Skipped VictimGone)/);
    expect(world.deletes, 'one act a tick').to.have.length(ticks);
    expect(await controller.metric('api_reconnects_total')).to.be.at.least(1);
    await works('after');
    expect(controller.health.broken).to.equal(undefined);
  });

  it('wait for an API server that is not there yet, and say so', async () => {
    const away = await world.cluster.faults.refuseConnections();
    controller = world.controller();
    await until('it to be said', () =>
      controller.log.some((line) => /cannot be watched/.test(line)),
    );
    expect(controller.health.api.reached).to.equal(false);
    await away[Symbol.asyncDispose]();
    await until('it to be reached', async () => {
      await world.clock.skip(500);
      return controller.health.api.reached;
    });
    await works('after');
  });
});
