import { expect } from 'chai';
import { configurations } from '../../../src/configuration/resource.ts';
import { deployments } from '../../../src/kubernetes/resources/deployments.ts';
import { namespaces } from '../../../src/kubernetes/resources/namespaces.ts';
import { textAt } from '../../cluster/support/value.ts';
import type { RunningController } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { type Fields, World } from './support/world.ts';

const NOTE = 'cm.massix.github.io/restore';

describe('replicas are put back', () => {
  let world: World;
  let controller: RunningController;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 3);
    controller = world.controller();
  });

  afterEach(() => world[Symbol.asyncDispose]());

  /** Lets a configuration scale `web` from 3 to 5. */
  const scaled = async (spec: Fields = {}) => {
    await world.configure('shop', 'scale', {
      scalingMode: 'randomScale',
      minReplicas: 5,
      maxReplicas: 5,
      ...spec,
    });
    await world.active('shop', 'scale');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(world.replicas('shop', 'web')).to.equal(5);
    expect(JSON.parse(note())).to.deep.include({ replicas: 3, lastWritten: 5 });
  };

  const note = (name = 'web') =>
    textAt(world.find(deployments, 'shop', name), 'metadata', 'annotations', NOTE);

  /** Waits until the replicas are these and the note is gone. */
  const settled = async (replicas: number) => {
    await until(
      `${replicas} replicas without a note`,
      () => note() === '' && world.replicas('shop', 'web') === replicas,
      () => world.find(deployments, 'shop', 'web'),
    );
  };

  it('when the configuration is disabled', async () => {
    await scaled();
    await world.respec('shop', 'scale', { enabled: false });
    await settled(3);
    await world.active('shop', 'scale', 'False Disabled');
    expect(world.status('shop', 'scale')).to.not.have.any.keys('originalReplicas', 'nextExecution');
    await until('an Event', () =>
      world.events('shop').includes('ChaosMonkeyRestored: Put back to 3 replicas'),
    );
  });

  it('when it is deleted', async () => {
    await scaled();
    await world.unconfigure('shop', 'scale');
    await settled(3);
  });

  it('when it was deleted while no controller ran', async () => {
    await scaled();
    await controller.stop();
    await world.unconfigure('shop', 'scale');
    expect(world.replicas('shop', 'web')).to.equal(5);
    world.controller();
    await settled(3);
  });

  it('when it was disabled while no controller ran', async () => {
    await scaled();
    await controller.stop();
    await world.patch(configurations, 'shop', 'scale', { spec: { enabled: false } });
    world.controller();
    await settled(3);
  });

  it('when the namespace opts out', async () => {
    await scaled();
    await world.label('shop', 'false');
    await settled(3);
    await world.active('shop', 'scale', 'False NamespaceOptedOut');
  });

  it('when the namespace opted out while no controller ran', async () => {
    await scaled();
    await controller.stop();
    await world.label('shop', 'false');
    world.controller();
    await settled(3);
  });

  it('when it becomes protected', async () => {
    await scaled();
    await controller.stop();
    world.controller({ protectedNamespaces: ['shop'] });
    await settled(3);
    await world.active('shop', 'scale', 'False NamespaceProtected');
  });

  it('when the mode changes', async () => {
    await scaled();
    await world.respec('shop', 'scale', { scalingMode: 'killPod' });
    await settled(3);
    await until(
      'three pods to choose from',
      async () => (await controller.metric('podwatcher_pods_active')) === 3,
    );
    expect(await world.tick('shop', 'scale', 2)).to.equal('Acted Acted');
    expect(world.deletes).to.have.length(1);
  });

  it('when the target changes, and the other deployment is left as it is', async () => {
    await world.deploy('shop', 'api', 2);
    await scaled();
    await world.respec('shop', 'scale', { deployment: { name: 'api' } });
    await settled(3);
    expect(world.replicas('shop', 'api')).to.equal(2);
    expect(await world.tick('shop', 'scale', 2)).to.equal('Acted Acted');
    expect(world.replicas('shop', 'api')).to.equal(5);
  });

  it('when the spec becomes one that is refused', async () => {
    await scaled();
    await world.respec('shop', 'scale', { timeout: '0s' });
    await settled(3);
    await world.active('shop', 'scale', 'False NotAccepted');
  });

  it('when the configuration is replaced by another of the same name', async () => {
    await scaled();
    await world.unconfigure('shop', 'scale');
    await world.configure('shop', 'scale', {
      scalingMode: 'randomScale',
      minReplicas: 1,
      maxReplicas: 1,
    });
    await settled(3);
    await world.active('shop', 'scale');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(JSON.parse(note())).to.deep.include({ replicas: 3, lastWritten: 1 });
  });

  it('once, so that what is set afterwards stays', async () => {
    await scaled();
    await world.respec('shop', 'scale', { enabled: false });
    await settled(3);
    await world.scale('shop', 'web', 5);
    await world.clock.skip(60_000);
    await controller.stop();
    world.controller();
    await world.clock.skip(60_000);
    expect(world.replicas('shop', 'web')).to.equal(5);
  });

  it('from several scales to what was there before the first', async () => {
    await scaled();
    await world.respec('shop', 'scale', { minReplicas: 0, maxReplicas: 0 });
    expect(await world.tick('shop', 'scale', 2)).to.equal('Acted Acted');
    expect(world.replicas('shop', 'web')).to.equal(0);
    await world.respec('shop', 'scale', { enabled: false });
    await settled(3);
  });

  it('although the API server refuses at first', async () => {
    await scaled();
    const match = { verb: 'patch', resource: 'deployments' };
    world.cluster.faults.plan(match, { type: 'status', code: 500 }, 2);
    world.cluster.faults.plan(match, { type: 'reset', when: 'before' });
    await world.respec('shop', 'scale', { enabled: false });
    await until('three attempts', async () => {
      await world.clock.skip(1_000);
      return note() === '';
    });
    expect(world.replicas('shop', 'web')).to.equal(3);
  });

  describe('but not', () => {
    it('on a restart of the controller', async () => {
      await scaled();
      await controller.stop();
      expect(world.replicas('shop', 'web')).to.equal(5);
      const second = world.controller();
      await until('the second controller', () => second.health.totalWatchers === 4);
      await world.respec('shop', 'scale', { maxReplicas: 6, minReplicas: 6 });
      await world.tick('shop', 'scale', 2, 20_000);
      expect(world.replicas('shop', 'web')).to.equal(6);
      expect(JSON.parse(note())).to.deep.include({ replicas: 3, lastWritten: 6 });
      await world.respec('shop', 'scale', { enabled: false });
      await settled(3);
    });

    it('when somebody else has scaled since', async () => {
      await scaled();
      await world.scale('shop', 'web', 7);
      await world.respec('shop', 'scale', { enabled: false });
      await settled(7);
    });

    it('to an original from before somebody else scaled: what a tick finds is the new one', async () => {
      await scaled();
      await world.scale('shop', 'web', 7);
      expect(await world.tick('shop', 'scale', 2)).to.equal('Acted Acted');
      expect(JSON.parse(note())).to.deep.include({ replicas: 7, lastWritten: 5 });
      await until('the status', () => Object(world.status('shop', 'scale')).originalReplicas === 7);
      await world.unconfigure('shop', 'scale');
      await settled(7);
    });

    it('with restoreReplicas: false', async () => {
      await world.configure('shop', 'scale', {
        scalingMode: 'randomScale',
        minReplicas: 5,
        maxReplicas: 5,
        restoreReplicas: false,
      });
      await world.active('shop', 'scale');
      expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
      expect(note()).to.equal('');
      await world.unconfigure('shop', 'scale');
      await world.clock.skip(5_000);
      expect(world.replicas('shop', 'web')).to.equal(5);
    });

    it('once restoreReplicas was set to false', async () => {
      await scaled();
      await world.respec('shop', 'scale', { restoreReplicas: false });
      await settled(5);
      await world.unconfigure('shop', 'scale');
      await world.clock.skip(5_000);
      expect(world.replicas('shop', 'web')).to.equal(5);
    });
  });

  it('and no finalizer holds up the end of a namespace', async () => {
    await scaled();
    await world.remove(namespaces, '', 'shop');
    await until('the namespace to go', () => world.find(namespaces, '', 'shop') === undefined);
    await until('its watchers to end', () => controller.health.totalWatchers === 2);
  });
});
