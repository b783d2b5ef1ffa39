import { expect } from 'chai';
import { configurationCrd, crdWithoutConversion } from '../../../src/configuration/crd.ts';
import type { RunningController } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

describe('a controller that may not, or cannot yet, see everything', () => {
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
    await until('its watches', () => world.cluster.faults.openWatches() === 5);
  };

  for (const [resource, reason] of [
    ['pods', 'NotSynced'],
    ['replicasets', 'NotSynced'],
  ] as const) {
    it(`forbidden ${resource} are named with their verb, the rest goes on, and they are taken up when allowed`, async () => {
      const forbidden = world.cluster.access.forbid({
        user: 'chaos-monkey',
        verb: 'list',
        resource,
      });
      await world.deploy('shop', 'scaled', 2);
      await world.configure('shop', 'scale', {
        deployment: { name: 'scaled' },
        scalingMode: 'randomScale',
        minReplicas: 4,
        maxReplicas: 4,
      });
      controller = world.controller();
      await world.active('shop', 'kill');
      await world.active('shop', 'scale');
      await until('the complaint', () =>
        controller.log.some(
          (line) => line.includes(`list ${resource}`) && line.includes('grant both verbs'),
        ),
      );
      await world.clock.skip(10_000);
      expect(await world.outcomeOf('shop', 'scale', 1)).to.equal('Acted Acted');
      await world.clock.skip(10_000);
      expect(await world.outcomeOf('shop', 'kill', 1)).to.equal(`Skipped ${reason}`);
      const complaints = controller.log.filter((line) => line.includes('grant both verbs'));
      expect(complaints, 'said once').to.have.length(1);
      forbidden[Symbol.dispose]();
      await until('it to be allowed', async () => {
        await world.clock.skip(500);
        return world.cluster.faults.openWatches({ resource }) === 1;
      });
      await until('an act', async () => {
        await world.clock.skip(10_000);
        return world.deletes.length > 0;
      });
    });
  }

  for (const [verb, resource, mode] of [
    ['delete', 'pods', 'killPod'],
    ['update', 'deployments/scale', 'randomScale'],
    ['list', 'pods', 'antiPressure'],
  ] as const) {
    it(`a forbidden ${verb} of ${resource} fails ${mode}, backs off and is named`, async () => {
      await world.configure('shop', 'forbidden', {
        deployment: { name: 'web2' },
        scalingMode: mode,
        minReplicas: 1,
        maxReplicas: 1,
      });
      await world.deploy('shop', 'web2', 3);
      await start();
      await world.active('shop', 'forbidden');
      using _forbidden = world.cluster.access.forbid({ user: 'chaos-monkey', verb, resource });
      expect(await world.tick('shop', 'forbidden', 1)).to.equal('Failed Forbidden');
      const { lastOutcome } = Object(world.status('shop', 'forbidden'));
      expect(lastOutcome.message).to.contain(`${verb} ${resource.split('/')[0]}`);
      expect(await world.tick('shop', 'forbidden', 2)).to.equal('Failed Forbidden');
      const { nextExecution, lastExecution } = Object(world.status('shop', 'forbidden'));
      expect(Date.parse(nextExecution) - Date.parse(lastExecution)).to.be.within(20_000, 21_000);
      await until('an Event', () =>
        world.events('shop').some((event) => event.startsWith('Forbidden: Tick failed')),
      );
    });
  }

  describe('without the CustomResourceDefinition, it', () => {
    it('waits, says so, and starts when that comes', async () => {
      await using bare = await World.start({ crd: false });
      await bare.namespace('shop');
      await bare.deploy('shop', 'web', 1);
      const early = bare.controller();
      await until('the complaint', () =>
        early.log.some((line) => /CustomResourceDefinition .* is not installed/.test(line)),
      );
      await until('the rest to be reached', () => early.health.api.reached);
      await bare.installCrd();
      await bare.configure('shop', 'kill');
      await until('it to be active', async () => {
        await bare.clock.skip(500);
        return bare.condition('shop', 'kill', 'Active') === 'True Running';
      });
      expect(await bare.tick('shop', 'kill', 1)).to.equal('Acted Acted');
    });

    it('goes on when that is deleted and comes back', async () => {
      await start();
      const name = crdWithoutConversion(configurationCrd()).metadata.name;
      const definitions = {
        group: 'apiextensions.k8s.io',
        version: 'v1',
        plural: 'customresourcedefinitions',
      };
      await world.remove(definitions, '', name);
      await until('the watcher to end', () => controller.health.totalWatchers === 3);
      await world.installCrd();
      await world.configure('shop', 'kill');
      await until(
        'it to be active',
        async () => {
          await world.clock.skip(500);
          return world.condition('shop', 'kill', 'Active') === 'True Running';
        },
        () => [controller.log, world.status('shop', 'kill')],
      );
    });
  });
});
