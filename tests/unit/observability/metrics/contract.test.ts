import { expect } from 'chai';
import { MetricsRegistry } from '../../../../src/observability/metrics/metrics-registry.ts';
import { renderInSlices } from '../../../../src/observability/metrics/slices.ts';
import { readExposition, type Sample } from '../../../fakes/read-exposition.ts';

const MICROSECONDS = ['0', '5', '10', '20', '50', '100', '500', '1000', '1500', '2000', '+Inf'];

async function scrapeOf(registry: MetricsRegistry) {
  return readExposition((await Array.fromAsync(renderInSlices(registry.sources()))).join(''));
}

/** Of a replica that acts. */
function registryOf(): MetricsRegistry {
  const registry = new MetricsRegistry({
    rootNamespace: 'chaosmonkey',
    behavior: 'ALLOWALL',
    version: '4.0.0',
  });
  registry.leading(true);
  return registry;
}

function of(samples: readonly Sample[], name: string): Sample[] {
  return samples.filter((sample) => sample.name === name);
}

function values(samples: readonly Sample[], name: string): Record<string, number> {
  const entries = of(samples, name).map(({ labels, value }) => [
    Object.values(labels).join('/'),
    value,
  ]);
  return Object.fromEntries(entries);
}

/** Name, type and labels of the 25 metrics and `crdwatcher_event_duration`. */
const CONTRACT: readonly [string, string, readonly string[]][] = [
  ['nswatcher_events', 'counter', ['root_namespace', 'behavior', 'event_type']],
  ['nswatcher_event_duration', 'histogram', ['root_namespace', 'behavior']],
  ['nswatcher_restarts', 'counter', ['root_namespace', 'behavior']],
  ['nswatcher_cmc_spawned', 'counter', ['root_namespace', 'behavior']],
  ['nswatcher_cmc_active', 'gauge', ['root_namespace', 'behavior']],
  ['crdwatcher_events', 'counter', ['namespace', 'event_type']],
  ['crdwatcher_restarts', 'counter', ['namespace']],
  ['crdwatcher_pw_spawned', 'counter', ['namespace']],
  ['crdwatcher_pw_active', 'gauge', ['namespace']],
  ['crdwatcher_dw_spawned', 'counter', ['namespace']],
  ['crdwatcher_dw_active', 'gauge', ['namespace']],
  ['crdwatcher_ah_spawned', 'counter', ['namespace']],
  ['crdwatcher_ah_active', 'gauge', ['namespace']],
  ['crdwatcher_event_duration', 'histogram', ['namespace']],
  ['podwatcher_pods_added', 'counter', ['namespace', 'label_selector']],
  ['podwatcher_pods_removed', 'counter', ['namespace', 'label_selector']],
  ['podwatcher_pods_killed', 'counter', ['namespace', 'label_selector']],
  ['podwatcher_restarts', 'counter', ['namespace', 'label_selector']],
  ['podwatcher_pods_active', 'gauge', ['namespace', 'label_selector']],
  ['deploymentwatcher_deployments_rescaled', 'counter', ['namespace', 'deployment']],
  ['deploymentwatcher_random_distribution', 'histogram', ['namespace', 'deployment']],
  ['deploymentwatcher_last_scale', 'gauge', ['namespace', 'deployment']],
  ['antihpawatcher_runs', 'counter', ['namespace', 'selector']],
  ['antihpawatcher_pods_killed', 'counter', ['namespace', 'selector']],
  ['antihpawatcher_average_cpu', 'gauge', ['namespace', 'selector']],
];

describe('the metrics of chaos-monkey 3', () => {
  it('are all there with their types and labels once every watcher has run', async () => {
    const registry = registryOf();
    registry.namespaceWatcher.event('ADDED', 7);
    using crd = registry.crdWatcher('shop');
    crd.event('ADDED', 7);
    using _pods = registry.podWatcher('shop', 'app=web');
    using deployment = registry.deploymentWatcher('shop', 'web');
    deployment.rescaled(3);
    using _antiPressure = registry.antiPressureWatcher('shop', 'app=web');
    const { samples, types, helps } = await scrapeOf(registry);
    for (const [suffix, type, labels] of CONTRACT) {
      const name = `chaos_monkey_${suffix}`;
      expect(types.get(name), name).to.equal(type);
      expect(helps.get(name), name).to.match(/\w/);
      const [first] = of(samples, type === 'histogram' ? `${name}_count` : name);
      expect(Object.keys(first?.labels ?? {}), name).to.have.members(labels);
    }
  });

  it('have the buckets of old, which are cumulative', async () => {
    const registry = registryOf();
    for (const microseconds of [0, 5, 6, 1500, 9999]) {
      registry.namespaceWatcher.event('MODIFIED', microseconds);
    }
    using deployment = registry.deploymentWatcher('shop', 'web');
    for (const replicas of [0, 3, 12]) deployment.rescaled(replicas);
    const { samples } = await scrapeOf(registry);
    const durations = of(samples, 'chaos_monkey_nswatcher_event_duration_bucket');
    expect(durations.map(({ labels }) => labels.le)).to.deep.equal(MICROSECONDS);
    expect(durations.map(({ value }) => value)).to.deep.equal([1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 5]);
    expect(of(samples, 'chaos_monkey_nswatcher_event_duration_sum')[0]?.value).to.equal(11510);
    expect(of(samples, 'chaos_monkey_nswatcher_event_duration_count')[0]?.value).to.equal(5);
    const replicas = of(samples, 'chaos_monkey_deploymentwatcher_random_distribution_bucket');
    expect(replicas.map(({ labels }) => labels.le)).to.deep.equal([...'0123456789', '+Inf']);
    expect(replicas.map(({ value }) => value)).to.deep.equal([1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3]);
    expect(values(samples, 'chaos_monkey_deploymentwatcher_last_scale')).to.deep.equal({
      'shop/web': 12,
    });
  });

  it('count what the watchers report', async () => {
    const registry = registryOf();
    registry.namespaceWatcher.event('DELETED', 1);
    registry.namespaceWatcher.spawned();
    registry.namespaceWatcher.restarted();
    registry.namespaceWatcher.active(4);
    using crd = registry.crdWatcher('shop');
    crd.restarted();
    for (const kind of ['pw', 'dw', 'dw', 'ah'] as const) {
      crd.spawned(kind);
      crd.active(kind, 1);
    }
    crd.active('ah', -1);
    using pods = registry.podWatcher('shop', 'app=web');
    pods.added(3);
    pods.removed(2);
    pods.killed();
    pods.active(9);
    pods.active(1);
    pods.restarted();
    const { samples } = await scrapeOf(registry);
    const of1 = (suffix: string) => values(samples, `chaos_monkey_${suffix}`);
    expect(of1('nswatcher_events')).to.deep.equal({
      'chaosmonkey/ALLOWALL/add': 0,
      'chaosmonkey/ALLOWALL/modify': 0,
      'chaosmonkey/ALLOWALL/delete': 1,
    });
    for (const [suffix, value] of [
      ['cmc_spawned', 1],
      ['restarts', 1],
      ['cmc_active', 4],
    ] as const) {
      expect(of1(`nswatcher_${suffix}`)).to.deep.equal({ 'chaosmonkey/ALLOWALL': value });
    }
    for (const [suffix, value] of [
      ['restarts', 1],
      ['pw_spawned', 1],
      ['pw_active', 1],
      ['dw_spawned', 2],
      ['dw_active', 2],
      ['ah_spawned', 1],
      ['ah_active', 0],
    ] as const) {
      expect(of1(`crdwatcher_${suffix}`), suffix).to.deep.equal({ shop: value });
    }
    for (const [suffix, value] of [
      ['pods_added', 3],
      ['pods_removed', 2],
      ['pods_killed', 1],
      ['pods_active', 1],
      ['restarts', 1],
    ] as const) {
      expect(of1(`podwatcher_${suffix}`), suffix).to.deep.equal({ 'shop/app=web': value });
    }
  });

  it('average_cpu is the average of the killed pods, its sum in a counter beside it', async () => {
    const registry = registryOf();
    using antiPressure = registry.antiPressureWatcher('shop', 'app=web');
    antiPressure.ran();
    antiPressure.killed(0.5);
    antiPressure.killed(1.5);
    const { samples } = await scrapeOf(registry);
    const key = 'shop/app=web';
    expect(values(samples, 'chaos_monkey_antihpawatcher_average_cpu')[key]).to.equal(1);
    expect(values(samples, 'chaos_monkey_antihpawatcher_killed_cpu_cores_total')[key]).to.equal(2);
    expect(values(samples, 'chaos_monkey_antihpawatcher_pods_killed')[key]).to.equal(2);
    expect(values(samples, 'chaos_monkey_antihpawatcher_runs')[key]).to.equal(1);
  });
});

describe('a replica without watchers', () => {
  for (const leading of [false, true]) {
    it(`says whether it leads: ${leading}`, async () => {
      const registry = registryOf();
      registry.leading(leading);
      const { samples } = await scrapeOf(registry);
      expect(values(samples, 'chaos_monkey_leader')).to.deep.equal({ '': leading ? 1 : 0 });
    });
  }

  it('shows every family of the contract, each of its values 0', async () => {
    const registry = registryOf();
    const { types, samples } = await scrapeOf(registry);
    expect(CONTRACT.map(([name, type]) => [name, type])).to.deep.equal(
      CONTRACT.map(([name]) => [name, types.get(`chaos_monkey_${name}`)]),
    );
    const names = new Set(CONTRACT.map(([name]) => `chaos_monkey_${name}`));
    const ours = samples.filter(({ name }) => names.has(name.replace(/_(bucket|sum|count)$/, '')));
    expect(ours.map(({ value }) => value))
      .to.have.length.above(60)
      .and.to.satisfy(isAllZero);
  });

  it('shows the series it has, and empty ones only where it has none', async () => {
    const registry = registryOf();
    using _crd = registry.crdWatcher('shop');
    const { samples } = await scrapeOf(registry);
    expect(values(samples, 'chaos_monkey_crdwatcher_pw_active')).to.deep.equal({ shop: 0 });
    expect(values(samples, 'chaos_monkey_podwatcher_pods_active')).to.deep.equal({ '/': 0 });
  });
});

function isAllZero(numbers: readonly number[]): boolean {
  return numbers.every((value) => value === 0);
}

describe('the series of a watcher', () => {
  it('appear with it at 0, histograms with the first observation, and go with it', async () => {
    const registry = registryOf();
    const of = async (suffix: string) =>
      values((await scrapeOf(registry)).samples, `chaos_monkey_crdwatcher_${suffix}`);
    const crd = registry.crdWatcher('shop');
    expect(await of('pw_active')).to.deep.equal({ shop: 0 });
    expect(await of('event_duration_count')).to.deep.equal({ '': 0 });
    crd.event('ADDED', 3);
    expect(await of('event_duration_count')).to.deep.equal({ shop: 1 });
    crd[Symbol.dispose]();
    expect(await of('pw_active')).to.deep.equal({ '': 0 });
  });

  it('are shared by two watchers with the same labels, a gauge being the sum', async () => {
    const registry = registryOf();
    const first = registry.podWatcher('shop', 'app=web');
    using second = registry.podWatcher('shop', 'app=web');
    const active = async () =>
      values((await scrapeOf(registry)).samples, 'chaos_monkey_podwatcher_pods_active');
    first.active(3);
    second.active(2);
    first.killed();
    expect(await active()).to.deep.equal({ 'shop/app=web': 5 });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(await active()).to.deep.equal({ 'shop/app=web': 2 });
    first.active(7);
    first.killed();
    const { samples } = await scrapeOf(registry);
    expect(values(samples, 'chaos_monkey_podwatcher_pods_active')).to.deep.equal({
      'shop/app=web': 2,
    });
    expect(values(samples, 'chaos_monkey_podwatcher_pods_killed')).to.deep.equal({
      'shop/app=web': 1,
    });
  });

  it('take up again when a watcher of the same labels comes back, from 0', async () => {
    const registry = registryOf();
    {
      using crd = registry.crdWatcher('shop');
      crd.restarted();
    }
    using _again = registry.crdWatcher('shop');
    const { samples } = await scrapeOf(registry);
    expect(values(samples, 'chaos_monkey_crdwatcher_restarts')).to.deep.equal({ shop: 0 });
  });
});
