import { expect } from 'chai';
import { configurations } from '../../../src/configuration/resource.ts';
import { createSettledDeployment } from '../../../src/playground/workloads/settled-deployment.ts';
import { at, listAt, textAt } from '../../cluster/support/value.ts';
import type { RunningController } from './support/running-controller.ts';
import { until } from './support/until.ts';
import { PLURAL, World } from './support/world.ts';

const STORED = 'chaosmonkeyconfigurations.cm.massix.github.io';

describe('bad input harms nothing else', () => {
  let world: World;
  let controller: RunningController;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 1);
    await world.configure('shop', 'good');
    controller = world.controller();
    await world.active('shop', 'good');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  /** Stores a configuration as it is, past the schema: as it was before that was tightened. */
  const store = (name: string, fields: Readonly<Record<string, unknown>>) =>
    world.cluster.store.collection(STORED).create({
      apiVersion: 'cm.massix.github.io/v1',
      kind: 'ChaosMonkeyConfiguration',
      metadata: { name, namespace: 'shop' },
      ...JSON.parse(JSON.stringify(fields)),
    });
  const acceptance = (name: string) =>
    listAt(world.status('shop', name), 'conditions').find((one) => at(one, 'type') === 'Accepted');
  const stillWorks = async () => {
    expect(await world.tick('shop', 'good', 1)).to.equal('Acted Acted');
    expect(controller.health.broken).to.equal(undefined);
  };

  const wrong: readonly [string, Readonly<Record<string, unknown>>, RegExp][] = [
    ['no spec', {}, /spec/],
    ['a spec that is a text', { spec: 'kill everything' }, /spec: expected .*, got "kill/],
    ['a spec that is a list', { spec: [] }, /spec/],
    ['texts for numbers', { spec: { minReplicas: '1', maxReplicas: '2' } }, /spec\.minReplicas/],
    ['a fraction', { spec: { minReplicas: 0.5, maxReplicas: 2 } }, /spec\.minReplicas/],
    [
      'a number beyond all numbers',
      { spec: { minReplicas: 0, maxReplicas: 1e300 } },
      /spec\.maxReplicas/,
    ],
    [
      'a minimum above the maximum',
      { spec: { minReplicas: 3, maxReplicas: 2 } },
      /at most maxReplicas \(2\)/,
    ],
    ['a text for a boolean', { spec: { enabled: 'yes' } }, /spec\.enabled/],
    ['an unknown mode', { spec: { scalingMode: 'KILLPOD' } }, /spec\.scalingMode/],
    ['a list for a deployment', { spec: { deployment: ['web'] } }, /spec\.deployment/],
    ['a name with a slash', { spec: { deployment: { name: '../web' } } }, /spec\.deployment\.name/],
    ['a timeout of 0s', { spec: { timeout: '0s' } }, /spec\.timeout: expected .*1s.* got "0s"/],
    ['a negative timeout', { spec: { timeout: '-1h' } }, /spec\.timeout/],
    ['a number for a timeout', { spec: { timeout: 10 } }, /spec\.timeout/],
  ];
  const valid = {
    enabled: true,
    scalingMode: 'killPod',
    deployment: { name: 'web' },
    minReplicas: 0,
    maxReplicas: 5,
    timeout: '1s',
  };

  it('specs of the wrong types are refused with field, expected and got, and not run hot', async () => {
    for (const [index, [, fields]] of wrong.entries()) {
      const spec = typeof fields.spec === 'object' && !Array.isArray(fields.spec);
      store(`bad-${index}`, spec ? { spec: { ...valid, ...Object(fields.spec) } } : fields);
    }
    for (const [index, [what, , words]] of wrong.entries()) {
      await until(
        what,
        () => textAt(acceptance(`bad-${index}`), 'status') === 'False',
        () => world.status('shop', `bad-${index}`),
      );
      expect(textAt(acceptance(`bad-${index}`), 'message'), what).to.match(words);
      expect(world.ticks('shop', `bad-${index}`)).to.equal(0);
    }
    await stillWorks();
    expect(world.deletes).to.have.length(1);
  });

  it('a status of the wrong types is repaired', async () => {
    const status = {
      ticks: 'many',
      conditions: 'none',
      lastOutcome: [1],
      seed: 7,
      nextExecution: 'soon',
    };
    await world.deploy('shop', 'other', 1);
    store('odd', { spec: { ...valid, deployment: { name: 'other' } }, status });
    await world.active('shop', 'odd');
    expect(await world.tick('shop', 'odd', 1, 1_000)).to.equal('Acted Acted');
  });

  it('a name of 253 characters works, and one of 254 is refused', async () => {
    const long = `${'a'.repeat(61)}.`.repeat(4).slice(0, 252).padEnd(253, 'z');
    await world.deploy('shop', long, 1, { app: 'long' });
    await world.configure('shop', long, { deployment: { name: long } });
    await world.active('shop', long);
    await until(
      'its pod to be ready',
      async () =>
        (await controller.metric('podwatcher_pods_active', { label_selector: 'app=long' })) === 1,
    );
    expect(await world.tick('shop', long, 1)).to.equal('Acted Acted');
    store('too-long', { spec: { ...valid, deployment: { name: `${long}z` } } });
    await until('the refusal', () =>
      textAt(acceptance('too-long'), 'message').includes('254 characters'),
    );
  });

  it('labels called __proto__ and constructor are labels like any other', async () => {
    // The API server refuses __proto__ as a key today; what is stored may be older than that.
    const labels = JSON.parse('{"app": "odd", "__proto__": "polluted", "constructor": "x"}');
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main' }] } };
    const metadata = { name: 'odd', namespace: 'shop', labels };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
    createSettledDeployment(world.cluster.store, deployment, ['node-0'], Math.random);
    await world.configure('shop', 'odd', { deployment: { name: 'odd' } });
    await world.active('shop', 'odd');
    const series = { label_selector: '__proto__=polluted,app=odd,constructor=x' };
    await until(
      'its pod',
      async () => (await controller.metric('podwatcher_pods_active', series)) === 1,
    );
    expect(await world.tick('shop', 'odd', 1)).to.equal('Acted Acted');
    expect(await controller.metric('podwatcher_pods_killed', series)).to.equal(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false);
  });

  it('text in all scripts comes through whole', async () => {
    const seed = 'שלום 世界 🐒 \u202e "quoted" \\ \n end';
    await world.deploy('shop', 'other', 1);
    await world.configure('shop', 'unicode', { deployment: { name: 'other' }, seed });
    await world.active('shop', 'unicode');
    expect(textAt(world.status('shop', 'unicode'), 'seed')).to.equal(seed);
    store('bad', { spec: { ...valid, deployment: { name: '🐒' } } });
    await until('the refusal', () => textAt(acceptance('bad'), 'message').includes('"🐒"'));
    await stillWorks();
  });

  it('10,000 configurations in one namespace are all answered', async function () {
    this.timeout(180_000);
    for (let index = 0; index < 10_000; index += 1)
      store(`many-${index}`, {
        spec: { ...valid, timeout: '1h', deployment: { name: `web-${index % 100}` } },
      });
    const written = () => world.cluster.requests.count('patch', `${PLURAL}/status`);
    const unanswered = () =>
      [...world.cluster.store.collection(STORED).list({ namespace: 'shop' })].filter(
        (object) => at(object, 'status', 'observedGeneration') !== 1,
      ).length;
    // Counting is cheap and looking at all of them is not; the few in flight are counted but not yet stored.
    for (let left = unanswered(); left > 600; left = unanswered()) {
      const wanted = written() + 500;
      await until('500 more', () => written() >= wanted);
    }
    await until('the rest', () => unanswered() === 0);
    expect(world.condition('shop', 'many-9999', 'Active')).to.match(
      /^False (DeploymentTaken|TargetMissing)$/,
    );
    await stillWorks();
    await world.label('shop', 'false');
    await until('all watchers to end', () => controller.health.totalWatchers === 2);
  });

  describe('a wall clock that jumps', () => {
    for (const [direction, ms] of [
      ['forward', 86_400_000],
      ['back', -86_400_000],
    ] as const) {
      it(`${direction} by a day neither hurries nor delays what is due`, async () => {
        await world.clock.skip(4_000);
        world.clock.jump(ms);
        await world.clock.skip(5_000);
        expect(world.ticks('shop', 'good')).to.equal(0);
        expect(await world.tick('shop', 'good', 1, 1_500)).to.equal('Acted Acted');
        expect(await world.tick('shop', 'good', 2)).to.equal('Acted Acted');
      });

      it(`${direction} by a day while no controller runs delays nothing by more than a timeout`, async () => {
        await until('the promise', () => textAt(world.status('shop', 'good'), 'nextExecution'));
        await controller.stop();
        world.clock.jump(ms);
        controller = world.controller();
        await until('the watcher', () => controller.health.totalWatchers === 4);
        await until('its watches', () => world.cluster.faults.openWatches() === 5);
        expect(await world.tick('shop', 'good', 1, 10_500)).to.equal('Acted Acted');
      });
    }
  });

  it('a configuration that somebody empties gets its status back with the next tick', async () => {
    await world.tick('shop', 'good', 1);
    const seed = textAt(world.status('shop', 'good'), 'seed');
    world.cluster.store
      .collection(STORED)
      .modify('shop', 'good', ({ status: _status, ...object }) => object);
    expect(await world.tick('shop', 'good', 2)).to.equal('Acted Acted');
    expect(world.ticks('shop', 'good')).to.equal(2);
    expect(textAt(world.status('shop', 'good'), 'seed')).to.equal(seed);
    expect(world.condition('shop', 'good', 'Active')).to.equal('True Running');
    expect(world.find(configurations, 'shop', 'good')).to.not.equal(undefined);
  });
});
