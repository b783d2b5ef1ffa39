import { expect } from 'chai';
import { type PodMembership, WorkloadIndex } from '../../../src/controller/workload-index.ts';
import type { Pod } from '../../../src/kubernetes/resources/pods.ts';
import type { ReplicaSet } from '../../../src/kubernetes/resources/replica-sets.ts';
import { ChildSet } from '../../../src/runtime/child-set.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { ManualWatch } from '../../fakes/manual-watch.ts';
import { pod, replicaSet } from '../../fakes/stripped-objects.ts';

describe('WorkloadIndex', () => {
  let pods: ManualWatch<Pod>;
  let sets: ManualWatch<ReplicaSet>;
  let index: WorkloadIndex;
  let ending: AbortController;
  let running: ChildSet;

  beforeEach(() => {
    pods = new ManualWatch();
    sets = new ManualWatch();
    index = new WorkloadIndex(pods.source, sets.source);
    ending = new AbortController();
    running = new ChildSet(ending.signal);
    running.start('pods', (signal) => pods.run(signal));
    running.start('sets', (signal) => sets.run(signal));
    running.start('index', (signal) => index.run(signal));
  });

  afterEach(async () => {
    await running[Symbol.asyncDispose]();
    expect(pods.source.subscriptions + sets.source.subscriptions).to.equal(0);
  });

  const names = (uid = 'uid-web') => [...index.podsOf(uid)].map(({ metadata }) => metadata.name);

  it('lets a tick wait for the first lists, and no longer than it has patience', async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const impatient = index.waitForSync('shop', { clock, patienceMs: 1_000 }, signal);
    const patient = index.waitForSync('shop', { clock, patienceMs: 10_000 }, signal);
    await clock.advance(1_000);
    expect(await impatient).to.equal(false);
    pods.synced();
    sets.synced();
    expect(await patient).to.equal(true);
    expect(clock.sleeping).to.equal(0);
  });

  it('is synced once both pods and ReplicaSets are', async () => {
    expect(index.isSynced('shop')).to.equal(false);
    pods.synced();
    await settle();
    expect(index.isSynced('shop')).to.equal(false);
    sets.synced();
    await settle();
    expect(index.isSynced('shop')).to.equal(true);
  });

  it('is synced in one namespace before it is in another', async () => {
    pods.synced('shop');
    sets.synced('bank');
    sets.synced('shop');
    await settle();
    expect(index.isSynced('shop')).to.equal(true);
    expect(index.isSynced('bank')).to.equal(false);
    const { signal } = new AbortController();
    const bank = index.waitForSync('bank', { clock: new FakeClock(), patienceMs: 1_000 }, signal);
    pods.synced('bank');
    expect(await bank).to.equal(true);
  });

  for (const order of ['pods first', 'ReplicaSets first']) {
    it(`finds the pods of a deployment through its ReplicaSets, ${order}`, async () => {
      const steps = [
        () => pods.added(pod('a'), pod('b', { ownerUid: 'uid-web-2' })),
        () => sets.added(replicaSet('web-1', 'uid-web'), replicaSet('web-2', 'uid-web')),
      ];
      for (const step of order === 'pods first' ? steps : steps.reverse()) {
        step();
        await settle();
      }
      expect(names().sort()).to.deep.equal(['a', 'b']);
    });
  }

  it('lets a pod go that its ReplicaSet let go, with the labels that it had', async () => {
    const told: PodMembership['type'][] = [];
    sets.added(replicaSet('web-1', 'uid-web'));
    pods.added(pod('a'), pod('b'));
    await settle();
    const unsubscribe = index.subscribe('uid-web', ({ type }) => told.push(type));
    pods.modified(pod('a', { ownerUid: undefined }));
    await settle();
    expect(names()).to.deep.equal(['b']);
    pods.modified(pod('a'));
    pods.deleted(pod('b'));
    await settle();
    unsubscribe();
    expect(names()).to.deep.equal(['a']);
    expect(told).to.deep.equal(['removed', 'added', 'removed']);
  });

  it('does not take pods that nobody, or somebody else, owns', async () => {
    sets.added(replicaSet('web-1', 'uid-web'), replicaSet('other', 'uid-other'));
    sets.added(replicaSet('orphan', undefined));
    pods.added(
      pod('ours'),
      pod('bare', { ownerUid: undefined }),
      pod('foreign', { ownerUid: 'uid-other' }),
      pod('orphaned', { ownerUid: 'uid-orphan' }),
    );
    await settle();
    expect(names()).to.deep.equal(['ours']);
  });

  it('lets the successor of a deployment inherit nothing', async () => {
    sets.added(replicaSet('web-1', 'uid-web'));
    pods.added(pod('a'));
    await settle();
    expect(names('uid-web-second')).to.deep.equal([]);
  });

  it('shows a pod as it is now', async () => {
    sets.added(replicaSet('web-1', 'uid-web'));
    pods.added(pod('a', { ready: false }));
    pods.modified(pod('a', { ready: true }));
    await settle();
    expect([...index.podsOf('uid-web')]).to.deep.equal([pod('a', { ready: true })]);
    pods.deleted(pod('a'));
    await settle();
    expect(names()).to.deep.equal([]);
  });

  it('tells of pods that come and go, and not of those that only change', async () => {
    const told: string[] = [];
    const tell = ({ type, pod: { metadata } }: PodMembership) =>
      told.push(`${type} ${metadata.name}`);
    const unsubscribe = index.subscribe('uid-web', tell);
    sets.added(replicaSet('web-1', 'uid-web'));
    pods.added(pod('a'));
    pods.modified(pod('a', { ready: false }));
    pods.added(pod('foreign', { ownerUid: 'uid-other' }));
    await settle();
    expect(told).to.deep.equal(['added a']);
    pods.deleted(pod('a'));
    pods.deleted(pod('never-seen'));
    await settle();
    expect(told).to.deep.equal(['added a', 'removed a']);
    unsubscribe();
    pods.added(pod('b'));
    await settle();
    expect(told).to.have.length(2);
  });

  it('tells of all pods of a ReplicaSet that comes later, is given away or goes', async () => {
    const told: string[] = [];
    index.subscribe('uid-web', ({ type, pod: { metadata } }) =>
      told.push(`${type} ${metadata.name}`),
    );
    pods.added(pod('a'), pod('b'));
    await settle();
    expect(told).to.deep.equal([]);
    sets.added(replicaSet('web-1', 'uid-web'));
    await settle();
    expect(told).to.deep.equal(['added a', 'added b']);
    sets.modified(replicaSet('web-1', 'uid-other'));
    await settle();
    expect(told.slice(2)).to.deep.equal(['removed a', 'removed b']);
    expect(names()).to.deep.equal([]);
    expect(names('uid-other')).to.deep.equal(['a', 'b']);
    sets.deleted(replicaSet('web-1', 'uid-other'));
    await settle();
    expect(names('uid-other')).to.deep.equal([]);
  });
});
