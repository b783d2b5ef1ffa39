import { expect } from 'chai';
import { watchNamespaces } from '../../../src/controller/namespace-watcher.ts';
import type { OptInRule } from '../../../src/controller/opt-in.ts';
import type { Namespace } from '../../../src/kubernetes/resources/namespaces.ts';
import { renderInSlices } from '../../../src/observability/metrics/slices.ts';
import { ChildSet } from '../../../src/runtime/child-set.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { FakeContext } from '../../fakes/fake-context.ts';
import { ManualWatch } from '../../fakes/manual-watch.ts';
import { readExposition } from '../../fakes/read-exposition.ts';
import { namespace } from '../../fakes/stripped-objects.ts';

const ALLOW: OptInRule = { behavior: 'ALLOWALL', protectedNamespaces: new Set(['kube-system']) };
const DENY: OptInRule = { ...ALLOW, behavior: 'DENYALL' };

describe('watchNamespaces', () => {
  let fake: FakeContext;
  let namespaces: ManualWatch<Namespace>;
  let ending: AbortController;
  let running: ChildSet;

  beforeEach(() => {
    fake = new FakeContext();
    namespaces = new ManualWatch();
    ending = new AbortController();
    running = new ChildSet(ending.signal);
    running.start('source', (signal) => namespaces.run(signal));
  });

  afterEach(async () => {
    await running[Symbol.asyncDispose]();
    expect(fake.context.census.total, 'watchers left').to.equal(1);
    expect(namespaces.source.subscriptions).to.equal(0);
    await fake[Symbol.asyncDispose]();
    expect(fake.subscriptions).to.equal(0);
  });

  const watch = (rule: OptInRule) =>
    running.start('watcher', (signal) =>
      watchNamespaces({ namespaces: namespaces.source, rule, context: fake.context }, signal),
    );

  /** How many configuration watchers run. */
  const watchers = () => fake.context.census.total - 1;

  const events = async (type: string) => {
    let text = '';
    for await (const slice of renderInSlices(fake.metrics.sources())) text += slice;
    const { samples } = readExposition(text);
    const found = samples.find(
      ({ name, labels }) => name === 'chaos_monkey_nswatcher_events' && labels.event_type === type,
    );
    return found?.value ?? 0;
  };

  it('runs a configuration watcher in each opted-in namespace', async () => {
    watch(ALLOW);
    namespaces.added(namespace('a'), namespace('b', { optIn: 'true' }));
    namespaces.added(namespace('out', { optIn: 'false' }), namespace('kube-system'));
    namespaces.added(namespace('ending', { terminating: true }));
    namespaces.synced();
    await settle();
    expect(watchers()).to.equal(2);
    expect(await events('add')).to.equal(2);
  });

  it('runs one only where it is wanted when everything is denied', async () => {
    watch(DENY);
    namespaces.added(namespace('a'), namespace('b', { optIn: 'true' }));
    await settle();
    expect(watchers()).to.equal(1);
  });

  it('starts and stops with the label, and counts each change', async () => {
    watch(ALLOW);
    namespaces.added(namespace('a'));
    namespaces.synced();
    await settle();
    namespaces.modified(namespace('a', { optIn: 'false' }));
    await settle();
    expect(watchers()).to.equal(0);
    namespaces.modified(namespace('a', { optIn: 'true' }));
    await settle();
    expect(watchers()).to.equal(1);
    expect(await events('modify')).to.equal(2);
  });

  it('leaves the watcher alone when something else about the namespace changes', async () => {
    watch(ALLOW);
    namespaces.added(namespace('a'));
    await settle();
    namespaces.modified(namespace('a', { optIn: 'true' }));
    await settle();
    expect(watchers()).to.equal(1);
    const text = [];
    for await (const slice of renderInSlices(fake.metrics.sources())) text.push(slice);
    const spawned = readExposition(text.join('')).samples.find(({ name }) =>
      name.endsWith('nswatcher_cmc_spawned'),
    );
    expect(spawned?.value).to.equal(1);
  });

  it('stops when the end of the namespace begins, and forgets it when it is gone', async () => {
    watch(ALLOW);
    namespaces.added(namespace('a'));
    namespaces.synced();
    await settle();
    namespaces.modified(namespace('a', { terminating: true }));
    await settle();
    expect(watchers()).to.equal(0);
    namespaces.deleted(namespace('a', { terminating: true }));
    await settle();
    expect(await events('delete')).to.equal(1);
    namespaces.added(namespace('a'));
    await settle();
    expect(watchers()).to.equal(1);
  });

  it('survives many flips in a row and ends as the last one says', async () => {
    watch(ALLOW);
    namespaces.added(namespace('a'));
    for (let flip = 0; flip < 101; flip += 1)
      namespaces.modified(namespace('a', { optIn: flip % 2 === 0 ? 'false' : 'true' }));
    for (let turn = 0; turn < 10; turn += 1) await settle();
    expect(watchers()).to.equal(0);
    namespaces.modified(namespace('a'));
    await settle();
    expect(watchers()).to.equal(1);
  });

  it('says Added of a namespace that comes later, and not of those that were there', async () => {
    watch(ALLOW);
    namespaces.added(namespace('old'));
    namespaces.synced();
    fake.configurations.synced();
    await settle();
    expect(fake.told).to.deep.equal([]);
    namespaces.added(namespace('new'));
    await settle();
    expect(fake.told).to.deep.equal(['Added: CRD Watcher added for new']);
    expect(fake.notes[0]?.object).to.include({ kind: 'Namespace', name: 'new', namespace: '' });
    namespaces.deleted(namespace('new'));
    await settle();
    expect(fake.told.slice(1)).to.deep.equal(['Deleted: CRD Watcher deleted for new']);
  });
});
