import { expect } from 'chai';
import { namespaces } from '../../../src/kubernetes/resources/namespaces.ts';
import type { LoggedRequest } from '../../../src/playground/http/request-log.ts';
import { forbidBeyondRoles, forbidNamespace } from './support/roles-only.ts';
import { USER } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

/** The longest time from one look at a namespace to the next, ms. */
const LOOK_MS = 2_200;

describe('a controller with Roles only', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    forbidBeyondRoles(world.cluster);
  });

  afterEach(() => world[Symbol.asyncDispose]());

  /** A namespace with a deployment of one pod and a killPod configuration. */
  const team = async (name: string, optIn?: string) => {
    await world.namespace(name, optIn);
    await world.deploy(name, 'web', 1);
    await world.configure(name, 'kill');
  };

  const asked = (): readonly LoggedRequest[] =>
    world.cluster.requests.recent().filter(({ user }) => user === USER);

  const passed = async (look: () => boolean): Promise<boolean> => {
    await world.clock.skip(500);
    return look();
  };

  /** Lets the controller look at the namespace exactly once more, and no more. */
  const lastLook = async (name: string): Promise<Disposable> => {
    const look = { verb: 'get', resource: 'namespaces', name };
    const looked = world.cluster.requests.next(look);
    await world.clock.skip(LOOK_MS);
    await looked;
    return world.cluster.faults.plan(look, { type: 'status', code: 500 }, Number.POSITIVE_INFINITY);
  };

  it('disturbs in the listed namespaces, and asks about nothing else', async () => {
    await team('shop');
    await team('bank');
    await team('vault', 'true');
    await world.deploy('shop', 'scaled', 1);
    await world.configure('shop', 'scale', {
      deployment: { name: 'scaled' },
      scalingMode: 'randomScale',
      minReplicas: 2,
      maxReplicas: 2,
    });
    await world.deploy('bank', 'pressed', 1);
    await world.configure('bank', 'press', {
      deployment: { name: 'pressed' },
      scalingMode: 'antiPressure',
    });
    await world.clock.skip(15_000);
    const controller = world.controller({ watchNamespaces: ['shop', 'bank'] });
    for (const [namespace, name] of [
      ['shop', 'kill'],
      ['shop', 'scale'],
      ['bank', 'kill'],
      ['bank', 'press'],
    ] as const) {
      await world.active(namespace, name);
    }
    await world.clock.skip(10_000);
    expect(await world.outcomeOf('shop', 'kill', 1)).to.equal('Acted Acted');
    expect(await world.outcomeOf('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(await world.outcomeOf('bank', 'kill', 1)).to.equal('Acted Acted');
    expect(await world.outcomeOf('bank', 'press', 1)).to.equal('Acted Acted');
    for (const name of ['shop', 'bank']) {
      await until('the Event in the namespace itself', () =>
        world.events(name).includes(`Added: CRD Watcher added for ${name}`),
      );
    }
    expect(world.events('default')).to.deep.equal([]);
    expect(world.status('vault', 'kill')).to.equal(undefined);
    expect(controller.health.problems).to.deep.equal([]);
    expect(await controller.metric('namespaces', { state: 'watched' })).to.equal(2);
    const beyond = asked().filter(
      ({ namespace, resource, name }) =>
        !['shop', 'bank'].includes(resource === 'namespaces' ? name : namespace),
    );
    expect(beyond.map(({ verb, path }) => `${verb} ${path}`)).to.deep.equal([]);
    expect(asked().filter(({ code }) => code === 403)).to.deep.equal([]);
  });

  it('sees a label at its next look, which is due within 2.2 s', async () => {
    await team('shop');
    await team('bank', 'false');
    const controller = world.controller({ watchNamespaces: ['shop', 'bank'] });
    await world.active('shop', 'kill');
    await world.active('bank', 'kill', 'False NamespaceOptedOut');
    await world.label('shop', 'false');
    const blind = await lastLook('shop');
    await world.active('shop', 'kill', 'False NamespaceOptedOut');
    blind[Symbol.dispose]();
    await world.label('bank', 'true');
    using _blind = await lastLook('bank');
    await world.active('bank', 'kill');
    expect(await controller.metric('nswatcher_events', { event_type: 'modify' })).to.equal(2);
  });

  it('takes a namespace of the same name that comes later for a new one', async () => {
    await team('shop');
    const controller = world.controller({ watchNamespaces: ['shop'] });
    await world.active('shop', 'kill');
    await world.remove(namespaces, '', 'shop');
    await until('the namespace to go', () => world.find(namespaces, '', 'shop') === undefined);
    await until('the watchers to end', () => passed(() => controller.health.totalWatchers === 1));
    await team('shop');
    await until('it to be active', () =>
      passed(() => world.condition('shop', 'kill', 'Active') === 'True Running'),
    );
    expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
    expect(await controller.metric('nswatcher_events', { event_type: 'delete' })).to.equal(1);
  });

  for (const [what, refuses] of [
    ['does not exist', false],
    ['does not exist, which it may not even know', true],
  ] as const) {
    it(`waits for a namespace that ${what}, and works in the others`, async () => {
      await team('shop');
      const refused = refuses ? forbidNamespace(world.cluster, 'later') : undefined;
      const controller = world.controller({ watchNamespaces: ['later', 'shop'] });
      await world.active('shop', 'kill');
      expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
      await until('the complaint', () =>
        controller.log.some((line) =>
          line.includes(
            refuses
              ? 'not allowed to get namespace later: if it exists, grant the verb get'
              : 'namespace later does not exist: waiting for it',
          ),
        ),
      );
      expect(controller.health.awaited).to.deep.equal([]);
      expect(controller.health.problems.join()).to.include('namespace later: get namespaces');
      await team('later');
      refused?.[Symbol.dispose]();
      await until('it to be active', () =>
        passed(() => world.condition('later', 'kill', 'Active') === 'True Running'),
      );
      expect(await world.tick('later', 'kill', 1)).to.equal('Acted Acted');
      await until('no problem to be left', () => controller.health.problems.length === 0);
    });
  }

  it('goes on where it may while one namespace is forbidden, and says which rule is missing', async () => {
    await team('shop');
    await team('bank');
    const refused = world.cluster.access.forbid({
      user: USER,
      resource: 'pods',
      namespace: 'bank',
    });
    const controller = world.controller({ watchNamespaces: ['bank', 'shop'] });
    await world.active('shop', 'kill');
    await world.active('bank', 'kill');
    expect(await world.tick('shop', 'kill', 1)).to.equal('Acted Acted');
    await world.clock.skip(10_000);
    expect(await world.outcomeOf('bank', 'kill', 1)).to.equal('Skipped NotSynced');
    expect(
      controller.log.filter((line) =>
        line.includes('not allowed to list and watch pods in namespace bank: grant both verbs'),
      ),
    ).to.have.length(1);
    expect(controller.health.problems.join()).to.match(/^pods in namespace bank: list pods .*403/);
    expect(controller.health.api.reached).to.equal(true);
    refused[Symbol.dispose]();
    await until('an act', () => passed(() => world.outcome('bank', 'kill') === 'Acted Acted'));
    expect(controller.health.problems).to.deep.equal([]);
  });

  it('leaves a namespace alone that it may no longer look at', async () => {
    await team('shop');
    const controller = world.controller({ watchNamespaces: ['shop'] });
    await world.active('shop', 'kill');
    using _refused = world.cluster.access.forbid({
      user: USER,
      verb: 'get',
      resource: 'namespaces',
      name: 'shop',
    });
    await until('the watchers to end', () => passed(() => controller.health.totalWatchers === 1));
    const ticks = world.ticks('shop', 'kill');
    await world.clock.skip(60_000);
    expect(world.ticks('shop', 'kill')).to.equal(ticks);
  });

  it('does not disturb a listed namespace that is protected, and says so', async () => {
    await team('chaosmonkey', 'true');
    await team('shop');
    world.controller({
      watchNamespaces: ['shop', 'chaosmonkey'],
      protectedNamespaces: ['chaosmonkey'],
    });
    await world.active('shop', 'kill');
    await world.active('chaosmonkey', 'kill', 'False NamespaceProtected');
  });

  it('counts a watch that is renewed for the namespace it is of', async () => {
    await team('shop');
    await team('bank');
    const controller = world.controller({ watchNamespaces: ['shop', 'bank'] });
    await world.active('shop', 'kill');
    await world.active('bank', 'kill');
    const resource = 'chaosmonkeyconfigurations';
    await until('its watches', () => world.cluster.faults.openWatches({ resource }) === 2);
    world.cluster.faults.endWatches({ resource, namespace: 'shop' });
    await until(
      'the restart',
      async () => (await controller.metric('crdwatcher_restarts', { namespace: 'shop' })) === 1,
    );
    expect(await controller.metric('crdwatcher_restarts', { namespace: 'bank' })).to.equal(0);
  });
});
