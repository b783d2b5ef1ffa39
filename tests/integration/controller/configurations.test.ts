import { expect } from 'chai';
import { deployments } from '../../../src/kubernetes/resources/deployments.ts';
import { withMetadata } from '../../../src/playground/storage/metadata.ts';
import { at, listAt, textAt } from '../../cluster/support/value.ts';
import type { RunningController } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

describe('the configuration watcher', () => {
  let world: World;
  let controller: RunningController;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 2);
    controller = world.controller();
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const message = (name: string, type: string) =>
    textAt(
      listAt(world.status('shop', name), 'conditions').find((one) => at(one, 'type') === type),
      'message',
    );

  it('accepts, finds the target and says when it acts next', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    expect(world.condition('shop', 'kill', 'Accepted')).to.equal('True Valid');
    expect(world.condition('shop', 'kill', 'TargetFound')).to.equal('True Found');
    await until('the next execution', () => textAt(world.status('shop', 'kill'), 'nextExecution'));
    const next = Date.parse(textAt(world.status('shop', 'kill'), 'nextExecution'));
    expect(next - world.clock.now()).to.be.within(1, 10_000);
    expect(world.status('shop', 'kill')).to.deep.include({ observedGeneration: 1 });
    expect(textAt(world.status('shop', 'kill'), 'seed')).to.not.equal('');
    await until('Started', () =>
      world.events('shop').includes('Started: Watcher started for deployment web'),
    );
  });

  it('counts its events, and tells of changes and of the end', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    await world.respec('shop', 'kill', { timeout: '20s' });
    await world.unconfigure('shop', 'kill');
    await until('Deleted', () =>
      world.events('shop').includes('Deleted: Watcher deleted for deployment web'),
    );
    expect(world.events('shop')).to.include('Modified: Watcher modified for deployment web');
    for (const type of ['add', 'modify', 'delete']) {
      const labels = { namespace: 'shop', event_type: type };
      expect(await controller.metric('crdwatcher_events', labels), type).to.equal(1);
    }
    expect(await controller.metric('crdwatcher_pw_active', { namespace: 'shop' })).to.equal(0);
    expect(await controller.metric('crdwatcher_pw_spawned', { namespace: 'shop' })).to.equal(2);
    const ended = await controller.metric('podwatcher_pods_active', { namespace: 'shop' });
    expect(ended).to.equal(undefined);
  });

  it('a configuration made before its deployment begins when that comes', async () => {
    await world.configure('shop', 'kill', { deployment: { name: 'later' } });
    await world.active('shop', 'kill', 'False TargetMissing');
    expect(world.condition('shop', 'kill', 'TargetFound')).to.equal('False NotFound');
    await world.clock.skip(60_000);
    expect(world.ticks('shop', 'kill')).to.equal(0);
    await world.deploy('shop', 'later', 1);
    await world.active('shop', 'kill');
    expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
  });

  it('a deployment that goes stops its watcher until it is back', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    await world.remove(deployments, 'shop', 'web');
    await world.active('shop', 'kill', 'False TargetMissing');
    expect(await controller.metric('crdwatcher_pw_active', { namespace: 'shop' })).to.equal(0);
    await until('its pods to go', () => world.pods('shop', 'web').length === 0);
    await world.deploy('shop', 'web', 1);
    await world.active('shop', 'kill');
    expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
  });

  it('of two configurations for one deployment the older works, and the newer takes over', async () => {
    await world.configure('shop', 'older');
    await world.active('shop', 'older');
    await world.clock.skip(2_000);
    await world.configure('shop', 'newer', { timeout: '1s' });
    await world.active('shop', 'newer', 'False DeploymentTaken');
    expect(message('newer', 'Active')).to.contain('older');
    expect(await world.tick('shop', 'older', 1, 8_000)).to.equal('Acted Acted');
    expect(world.ticks('shop', 'newer')).to.equal(0);
    await world.unconfigure('shop', 'older');
    await world.active('shop', 'newer');
    expect(await world.tick('shop', 'newer', 1, 1_000)).to.equal('Acted Acted');
  });

  it('the newer of two configurations does not reconfigure the older', async () => {
    await world.configure('shop', 'older');
    await world.active('shop', 'older');
    await world.clock.skip(2_000);
    await world.configure('shop', 'newer');
    await world.active('shop', 'newer', 'False DeploymentTaken');
    await world.respec('shop', 'newer', { timeout: '1s', scalingMode: 'randomScale' });
    await world.respec('shop', 'newer', { enabled: false });
    await world.unconfigure('shop', 'newer');
    await world.clock.skip(6_000);
    expect(world.ticks('shop', 'older')).to.equal(0);
    expect(await world.tick('shop', 'older', 1, 2_000)).to.equal('Acted Acted');
    expect(world.deletes).to.have.length(1);
    expect(world.replicas('shop', 'web')).to.equal(2);
  });

  it('two killPod configurations with the same labels do not clash in the metrics', async () => {
    const labels = { app: 'web' };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    };
    await world.create(deployments, 'shop', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'twin' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    });
    await until('three pods', () => world.pods('shop', 'web').length === 3);
    await world.configure('shop', 'one');
    await world.configure('shop', 'two', { deployment: { name: 'twin' } });
    await world.active('shop', 'one');
    await world.active('shop', 'two');
    const series = { namespace: 'shop', label_selector: 'app=web' };
    const pods = () => controller.metric('podwatcher_pods_active', series);
    await until('all pods to be counted', async () => (await pods()) === 3);
    await world.unconfigure('shop', 'two');
    await until('one to be left', async () => (await pods()) === 2);
    await world.unconfigure('shop', 'one');
    await until('the series to go', async () => (await pods()) === undefined);
    await world.configure('shop', 'one');
    await world.active('shop', 'one');
    expect(await pods()).to.equal(2);
  });

  it('a disabled configuration acts again when enabled', async () => {
    for (const scalingMode of ['killPod', 'antiPressure', 'randomScale']) {
      const name = scalingMode.toLowerCase();
      await world.deploy('shop', `for-${name}`, 2);
      const spec = {
        scalingMode,
        deployment: { name: `for-${name}` },
        minReplicas: 1,
        maxReplicas: 1,
      };
      await world.configure('shop', name, { ...spec, enabled: false });
      await world.active('shop', name, 'False Disabled');
      await world.clock.skip(20_000);
      expect(world.ticks('shop', name)).to.equal(0);
      await world.respec('shop', name, { enabled: true });
      await world.active('shop', name);
      expect(await world.tick('shop', name, 1), name).to.equal('Acted Acted');
      await world.respec('shop', name, { enabled: false });
      await world.clock.skip(20_000);
      expect(world.ticks('shop', name)).to.equal(1);
      await world.respec('shop', name, { enabled: true });
      await world.active('shop', name);
      expect(await world.tick('shop', name, 2), name).to.match(/^(Acted|Skipped)/);
      await world.unconfigure('shop', name);
    }
  });

  it('a deleted configuration does not kill once more', async () => {
    for (const scalingMode of ['killPod', 'antiPressure']) {
      await world.configure('shop', 'kill', { scalingMode });
      await world.active('shop', 'kill');
      await world.unconfigure('shop', 'kill');
      await until('the watcher to end', () => controller.health.totalWatchers === 3);
      await world.clock.skip(60_000);
    }
    expect(world.deletes).to.deep.equal([]);
  });

  it('an edit does not postpone what is due', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    for (let edit = 0; edit < 4; edit += 1) {
      await world.clock.skip(2_000);
      await world.respec('shop', 'kill', { maxReplicas: 6 + edit });
      await world.active('shop', 'kill');
    }
    expect(world.ticks('shop', 'kill')).to.equal(0);
    expect(await world.tick('shop', 'kill', 1, 2_000)).to.equal('Acted Acted');
  });

  it('a storm of pod changes does not postpone a kill', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    const pods = world.cluster.store.collection('pods');
    for (let second = 0; second < 10; second += 1) {
      for (let change = 0; change < 100; change += 1) {
        for (const name of world.pods('shop', 'web'))
          pods.modify('shop', name, (pod) => withMetadata(pod, { annotations: { change } }));
      }
      await world.clock.skip(1_000);
    }
    expect(await world.outcomeOf('shop', 'kill', 1)).to.equal('Acted Acted');
  });

  it('tells each pod once that it may be a target', async () => {
    await world.configure('shop', 'kill');
    await world.active('shop', 'kill');
    const targeted = () =>
      world
        .events('shop')
        .filter((event) => event.includes('may be targeted by next Chaos Monkey in 10s'));
    await until('both to be told', () => targeted().length === 2);
    await world.tick('shop', 'kill', 1);
    await until('the successor to be told', () => targeted().length === 3);
    await world.clock.skip(5_000);
    expect(targeted()).to.have.length(3);
  });
});
