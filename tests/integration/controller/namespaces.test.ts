import { expect } from 'chai';
import { namespaces } from '../../../src/kubernetes/resources/namespaces.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

describe('the namespace watcher', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
  });

  afterEach(() => world[Symbol.asyncDispose]());

  /** A namespace with a deployment of one pod and a killPod configuration. */
  const team = async (name: string, optIn?: string) => {
    await world.namespace(name, optIn);
    await world.deploy(name, 'web', 1);
    await world.configure(name, 'kill');
  };

  it('disturbs what is there when it starts, with AllowAll all but "false"', async () => {
    await team('unlabelled');
    await team('in', 'true');
    await team('odd', 'False');
    await team('out', 'false');
    const controller = world.controller();
    for (const name of ['unlabelled', 'in', 'odd']) await world.active(name, 'kill');
    await world.active('out', 'kill', 'False NamespaceOptedOut');
    expect(await controller.metric('crdwatcher_pw_active', { namespace: 'out' })).to.equal(
      undefined,
    );
    await world.clock.skip(10_000);
    for (const name of ['unlabelled', 'in', 'odd']) await world.outcomeOf(name, 'kill', 1);
    await world.clock.skip(30_000);
    expect(world.ticks('out', 'kill')).to.equal(0);
    expect(await controller.metric('nswatcher_events', { event_type: 'add' })).to.equal(4);
    expect(await controller.metric('namespaces', { state: 'opted_out' })).to.equal(1);
    expect(await controller.metric('namespaces', { state: 'protected' })).to.equal(3);
  });

  it('disturbs with DenyAll only what says "true"', async () => {
    await team('unlabelled');
    await team('odd', 'TRUE');
    await team('in', 'true');
    world.controller({ behavior: 'DENYALL' });
    await world.active('in', 'kill');
    await world.active('unlabelled', 'kill', 'False NamespaceOptedOut');
    await world.active('odd', 'kill', 'False NamespaceOptedOut');
  });

  it('starts in a namespace that comes later, says Added, and Deleted when it goes', async () => {
    const controller = world.controller();
    await until('the start', () => controller.health.api.reached);
    await team('later');
    await world.active('later', 'kill');
    await until('Added', () =>
      world.events('default').includes('Added: CRD Watcher added for later'),
    );
    await world.remove(namespaces, '', 'later');
    await until('Deleted', () =>
      world.events('default').includes('Deleted: CRD Watcher deleted for later'),
    );
    await until('the watchers to end', () => controller.health.totalWatchers === 2);
    expect(await controller.metric('nswatcher_events', { event_type: 'delete' })).to.equal(1);
    expect(await controller.metric('crdwatcher_events', { namespace: 'later' })).to.equal(
      undefined,
    );
  });

  it('a flip of the label stops and starts everything in the namespace', async () => {
    await team('shop');
    const controller = world.controller();
    await world.active('shop', 'kill');
    await world.label('shop', 'false');
    await world.active('shop', 'kill', 'False NamespaceOptedOut');
    expect(await controller.metric('podwatcher_pods_active', { namespace: 'shop' })).to.equal(
      undefined,
    );
    expect(await controller.metric('nswatcher_cmc_active')).to.equal(1);
    const ticks = world.ticks('shop', 'kill');
    await world.clock.skip(60_000);
    expect(world.ticks('shop', 'kill')).to.equal(ticks);
    await world.label('shop', 'true');
    await world.active('shop', 'kill');
    expect(await world.tick('shop', 'kill', ticks + 1)).to.equal('Acted Acted');
  });

  it('flips in quick succession neither break it nor leave two monkeys', async () => {
    await team('shop');
    const controller = world.controller();
    await world.active('shop', 'kill');
    const flips = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 'false' : 'true'));
    for (const value of flips) await world.label('shop', value);
    await world.active('shop', 'kill');
    expect(controller.health.totalWatchers).to.equal(4);
    expect(controller.health.broken).to.equal(undefined);
    await world.tick('shop', 'kill', 1);
    await world.clock.skip(2_000);
    expect(world.deletes).to.have.length(1);
    expect(await controller.metric('crdwatcher_pw_active', { namespace: 'shop' })).to.equal(1);
  });

  it('protected namespaces are left alone whatever their label, and say so', async () => {
    await world.deploy('kube-system', 'web', 1);
    await world.configure('kube-system', 'kill');
    await world.label('kube-system', 'true');
    await team('chaosmonkey', 'true');
    const controller = world.controller({
      behavior: 'DENYALL',
      protectedNamespaces: ['kube-system', 'chaosmonkey'],
    });
    await world.active('kube-system', 'kill', 'False NamespaceProtected');
    await world.active('chaosmonkey', 'kill', 'False NamespaceProtected');
    await world.clock.skip(60_000);
    expect(world.deletes).to.deep.equal([]);
    expect(controller.log).to.include('info: namespace is protected: nothing in it is disturbed');
  });

  it('protection can be lifted by the settings', async () => {
    await world.deploy('kube-system', 'web', 1);
    await world.configure('kube-system', 'kill');
    world.controller({ protectedNamespaces: [] });
    await world.active('kube-system', 'kill');
  });

  it('a terminating namespace is no target from the moment its end begins', async () => {
    await team('shop');
    const finalizer = { metadata: { finalizers: ['test/holds'] } };
    await world.patch(
      { group: '', version: 'v1', plural: 'pods' },
      'shop',
      world.pods('shop', 'web')[0] ?? '',
      finalizer,
    );
    const controller = world.controller();
    await world.active('shop', 'kill');
    await world.remove(namespaces, '', 'shop');
    await until('the watchers to end', () => controller.health.totalWatchers === 2);
    expect(world.find(namespaces, '', 'shop')).to.not.equal(undefined);
    await world.clock.skip(60_000);
    expect(world.deletes).to.deep.equal([]);
    const [pod = ''] = world.pods('shop', 'web');
    await world.patch({ group: '', version: 'v1', plural: 'pods' }, 'shop', pod, {
      metadata: { finalizers: null },
    });
    await until('the namespace to go', () => world.find(namespaces, '', 'shop') === undefined);
  });
});
