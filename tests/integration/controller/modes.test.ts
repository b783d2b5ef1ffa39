import { expect } from 'chai';
import { deployments } from '../../../src/kubernetes/resources/deployments.ts';
import { textAt } from '../../cluster/support/value.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

describe('the modes', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  it('killPod kills one pod of its deployment a tick, first after a whole timeout', async () => {
    await world.deploy('shop', 'web', 3);
    const before = world.pods('shop', 'web');
    const controller = world.controller();
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    await world.clock.skip(9_000);
    expect(world.ticks('shop', 'kill')).to.equal(0);
    expect(await world.tick('shop', 'kill', 1, 1_000)).to.equal('Acted Acted');
    expect(world.deletes).to.have.length(1);
    await until('a successor', () => world.isReady('shop', 'web', 3));
    const after = world.pods('shop', 'web');
    expect(before.filter((name) => !after.includes(name))).to.deep.equal(world.deletes);
    await until('an Event', () =>
      world.events('shop').includes('ChaosMonkeyTarget: Pod got killed by Chaos Monkey'),
    );
    const labels = { namespace: 'shop', label_selector: 'app=web' };
    expect(await controller.metric('podwatcher_pods_killed', labels)).to.equal(1);
    expect(await controller.metric('podwatcher_pods_active', labels)).to.equal(3);
    expect(await world.tick('shop', 'kill', 2)).to.equal('Acted Acted');
    expect(world.deletes).to.have.length(2);
  });

  it('killPod ignores minReplicas and maxReplicas', async () => {
    await world.deploy('shop', 'web', 1);
    world.controller();
    await world.configure('shop', 'kill', { minReplicas: 9, maxReplicas: 9 });
    await world.active('shop', 'kill');
    expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
  });

  it('killPod without a ready pod is skipped, said once, and goes on when there is one', async () => {
    await world.deploy('shop', 'web', 0);
    const controller = world.controller();
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    expect(await world.tick('shop', 'kill', 1)).to.equal('Skipped NoReadyPods');
    expect(await world.tick('shop', 'kill', 2)).to.equal('Skipped NoReadyPods');
    await world.scale('shop', 'web', 1);
    await until('a pod', () => world.isReady('shop', 'web', 1));
    await until(
      'the pod to be seen',
      async () => (await controller.metric('podwatcher_pods_active')) === 1,
    );
    expect(await world.tick('shop', 'kill', 3)).to.equal('Acted Acted');
    const said = world.events('shop').filter((event) => event.startsWith('NoReadyPods'));
    expect(said).to.have.length(1);
    const skips = { mode: 'killPod', result: 'skipped', reason: 'NoReadyPods' };
    expect(await controller.metric('tick_outcomes_total', skips)).to.equal(2);
  });

  it('randomScale scales through the scale subresource, by the old formula', async () => {
    await world.deploy('shop', 'web', 3);
    const controller = world.controller();
    await world.configure('shop', 'scale', {
      scalingMode: 'randomScale',
      minReplicas: 5,
      maxReplicas: 5,
    });
    await world.active('shop', 'scale');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(world.replicas('shop', 'web')).to.equal(5);
    expect(world.cluster.requests.count('update', 'deployments/scale')).to.be.at.least(1);
    await until('an Event', () =>
      world.events('shop').includes('ChaosMonkey: Converted to 5 replicas'),
    );
    const labels = { namespace: 'shop', deployment: 'web' };
    expect(await controller.metric('deploymentwatcher_deployments_rescaled', labels)).to.equal(1);
    expect(await controller.metric('deploymentwatcher_last_scale', labels)).to.equal(5);
    expect(world.status('shop', 'scale')).to.include({ originalReplicas: 3 });
    expect(await world.tick('shop', 'scale', 2)).to.equal('Skipped NothingToChange');
  });

  it('randomScale goes from 0 to maxReplicas', async () => {
    await world.deploy('shop', 'web', 2);
    world.controller({ seed: 'wide' });
    await world.configure('shop', 'scale', { scalingMode: 'randomScale', maxReplicas: 3 });
    await world.active('shop', 'scale');
    const seen = new Set<number>();
    for (let number = 1; seen.size < 4 && number < 60; number += 1) {
      await world.tick('shop', 'scale', number);
      seen.add(world.replicas('shop', 'web'));
    }
    expect([...seen].sort()).to.deep.equal([0, 1, 2, 3]);
  });

  describe('antiPressure', () => {
    const load = (name: string | undefined, cpu: number) =>
      world.cluster.metrics.loads.setLoad('shop', name ?? '', { cpu, memory: 1e6 });

    beforeEach(async () => {
      await world.deploy('shop', 'web', 3);
      await world.clock.skip(15_000);
    });

    const start = async (spec = {}) => {
      const controller = world.controller();
      await world.configure('shop', 'press', { scalingMode: 'antiPressure', ...spec });
      await world.active('shop', 'press');
      return controller;
    };

    it('kills the pod that uses most CPU: quantities in nanocores are compared', async () => {
      const [idle, busiest, busy] = world.pods('shop', 'web');
      load(idle, 0);
      load(busiest, 0.000_000_9);
      load(busy, 0.000_000_8);
      const controller = await start();
      expect(await world.tick('shop', 'press', 1)).to.equal('Acted Acted');
      expect(world.deletes).to.deep.equal([busiest]);
      const labels = { namespace: 'shop', selector: 'app=web' };
      expect(await controller.metric('antihpawatcher_runs', labels)).to.equal(1);
      expect(await controller.metric('antihpawatcher_pods_killed', labels)).to.equal(1);
      expect(await controller.metric('antihpawatcher_average_cpu', labels)).to.be.closeTo(
        9e-7,
        1e-9,
      );
    });

    it('never goes below minReplicas ready pods', async () => {
      await start({ minReplicas: 3 });
      expect(await world.tick('shop', 'press', 1)).to.equal('Skipped BelowMinReplicas');
      await world.respec('shop', 'press', { minReplicas: 2 });
      expect(await world.tick('shop', 'press', 2)).to.equal('Acted Acted');
    });

    it('kills nobody without a metrics API, and goes on when it comes', async () => {
      world.cluster.metrics.available = false;
      await start();
      expect(await world.tick('shop', 'press', 1)).to.equal('Skipped MetricsUnavailable');
      world.cluster.metrics.available = true;
      expect(await world.tick('shop', 'press', 2)).to.equal('Acted Acted');
      expect(world.deletes).to.have.length(1);
    });

    for (const code of [500, 403, 429]) {
      it(`a failed metrics call (${code}) deletes nothing`, async () => {
        const plan = { verb: 'list', resource: 'pods' };
        await start();
        await until('the watches', () => world.cluster.faults.openWatches() === 5);
        const fault = { type: 'status', code } as const;
        using _refused = world.cluster.faults.plan(plan, fault, Number.POSITIVE_INFINITY);
        await world.clock.skip(10_000);
        const answered = until('an outcome', () => world.ticks('shop', 'press') === 1);
        await Promise.all([answered, world.clock.skip(12_000)]);
        expect(world.outcome('shop', 'press')).to.match(/^Failed (Refused|Forbidden)$/);
        expect(world.deletes).to.deep.equal([]);
      });
    }

    it('a lost answer of the metrics API deletes nothing', async () => {
      await start();
      const fault = { type: 'status', code: 503 } as const;
      using _down = world.cluster.faults.plan({ verb: 'list', resource: 'pods' }, fault, Infinity);
      await world.clock.skip(10_000);
      const answered = until('an outcome', () => world.ticks('shop', 'press') === 1);
      await Promise.all([answered, world.clock.skip(12_000)]);
      expect(world.outcome('shop', 'press')).to.equal('Skipped MetricsUnavailable');
      expect(world.deletes).to.deep.equal([]);
    });
  });

  it('a victim is found by selector and owner: foreign pods with the same labels are spared', async () => {
    await world.deploy('shop', 'web', 1);
    const [own] = world.pods('shop', 'web');
    const bare = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bystander', labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    };
    await world.create({ group: '', version: 'v1', plural: 'pods' }, 'shop', bare);
    world.controller();
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    for (let number = 1; number <= 6; number += 1) {
      expect(await world.tick('shop', 'kill', number)).to.equal('Acted Acted');
      await until('a successor', () => world.pods('shop', 'web').length === 2);
    }
    expect(world.deletes).to.have.length(6).and.not.include('bystander');
    expect(world.deletes[0]).to.equal(own);
  });

  it('matchExpressions alone never mean all pods', async () => {
    const selector = { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] };
    const template = {
      metadata: { labels: { app: 'front', tier: 'front' } },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    };
    await world.deploy('shop', 'front', 1, { selector, template });
    await world.deploy('shop', 'other', 5);
    const others = world.pods('shop', 'other');
    const controller = world.controller();
    await world.configure('shop', 'kill', { deployment: { name: 'front' } });
    await world.active('shop', 'kill');
    for (let number = 1; number <= 5; number += 1) {
      expect(await world.tick('shop', 'kill', number)).to.equal('Acted Acted');
      await until('a successor', () => world.isReady('shop', 'front', 1));
    }
    expect(world.pods('shop', 'other')).to.deep.equal(others);
    const labels = { label_selector: 'tier in (front)' };
    expect(await controller.metric('podwatcher_pods_killed', labels)).to.equal(5);
    expect(textAt(world.find(deployments, 'shop', 'front'), 'metadata', 'name')).to.equal('front');
  });
});
