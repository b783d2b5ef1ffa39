import { expect } from 'chai';
import { formatRestoreNote } from '../../../src/controller/restore-annotation.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { FakeContext } from '../../fakes/fake-context.ts';
import { byTurns, lostAnswer, refusal } from '../../fakes/scripted-client.ts';
import { deployment } from '../../fakes/stripped-objects.ts';

const NOTE = { replicas: 3, lastWritten: 5, configuration: 'uid-scale', generation: 7 };

describe('ReplicaRestorer', () => {
  let fake: FakeContext;

  beforeEach(() => {
    fake = new FakeContext();
  });

  afterEach(async () => {
    await fake[Symbol.asyncDispose]();
    expect(fake.subscriptions).to.equal(0);
    expect(fake.clock.sleeping).to.equal(0);
  });

  /** A deployment with a note on it, as the API server sends it. */
  const raw = (replicas = 5, note: unknown = NOTE, generation = 8) => ({
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'uid-web',
      resourceVersion: '9',
      generation,
      ...(note !== undefined && {
        annotations: { 'cm.massix.github.io/restore': JSON.stringify(note) },
      }),
    },
    spec: { replicas },
  });
  const noted = deployment('web', { replicas: 5, restoreNote: formatRestoreNote(NOTE) });

  const found = (object: unknown) => fake.client.answer(byTurns('get', 'deployments', object));
  const written = (...answers: readonly unknown[]) =>
    fake.client.answer(byTurns('patch', 'deployments', ...answers));
  const patches = () =>
    fake.client.requests.filter(({ verb }) => verb === 'patch').map(({ body }) => body);
  const removal = {
    uid: 'uid-web',
    resourceVersion: '9',
    annotations: { 'cm.massix.github.io/restore': null },
  };

  it('puts back what nobody may scale any more, once, with the note in the same write', async () => {
    found(raw());
    written(raw(3, undefined));
    fake.deployments.added(noted);
    await settle();
    expect(fake.client.log).to.deep.equal([]);
    fake.context.restorer.settle('shop');
    await settle();
    expect(patches()).to.deep.equal([{ metadata: removal, spec: { replicas: 3 } }]);
    expect(fake.told).to.deep.equal(['ChaosMonkeyRestored: Put back to 3 replicas']);
    fake.deployments.modified(deployment('web'));
    await settle();
    expect(patches()).to.have.length(1);
  });

  it('judges nothing in a namespace that is not settled, or no longer', async () => {
    fake.context.restorer.settle('shop');
    fake.context.restorer.unsettle('shop');
    fake.deployments.added(noted);
    await fake.clock.advance(60_000);
    expect(fake.client.log).to.deep.equal([]);
  });

  it('leaves alone what the configuration that noted it may scale', async () => {
    fake.context.restorer.entitle('shop', 'web', { uid: 'uid-scale', restore: true });
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await settle();
    expect(fake.client.log).to.deep.equal([]);
    found(raw());
    written(raw(3, undefined));
    fake.context.restorer.revoke('shop', 'web');
    fake.context.restorer.check('shop', 'web');
    await settle();
    expect(patches()).to.have.length(1);
  });

  it('puts back what an earlier configuration scaled before another takes over', async () => {
    found(raw());
    written(raw(3, undefined));
    fake.context.restorer.entitle('shop', 'web', { uid: 'uid-second', restore: true });
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await settle();
    expect(patches()).to.deep.equal([{ metadata: removal, spec: { replicas: 3 } }]);
  });

  const left: readonly [string, unknown][] = [
    ['somebody else has scaled', raw(9)],
    ['they are as they were', raw(3)],
  ];
  for (const [why, object] of left) {
    it(`only takes the note away when ${why}`, async () => {
      found(object);
      written(object);
      fake.context.restorer.settle('shop');
      fake.deployments.added(noted);
      await settle();
      expect(patches()).to.deep.equal([{ metadata: removal }]);
      expect(fake.told).to.deep.equal([]);
    });
  }

  it('only takes the note away when restoreReplicas is false', async () => {
    found(raw());
    written(raw(5, undefined));
    fake.context.restorer.entitle('shop', 'web', { uid: 'uid-scale', restore: false });
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await settle();
    expect(patches()).to.deep.equal([{ metadata: removal }]);
  });

  it('puts back what is noted when we ended between the note and the scale', async () => {
    found(raw(4, NOTE, 7));
    written(raw(3, undefined));
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await settle();
    expect(patches()).to.deep.equal([{ metadata: removal, spec: { replicas: 3 } }]);
  });

  for (const [name, error] of [
    ['a conflict', refusal(409)],
    ['a lost answer', lostAnswer()],
    ['a refusal', refusal(403)],
  ] as const) {
    it(`looks again and tries again after ${name}`, async () => {
      found(raw());
      written(error, raw(3, undefined));
      fake.context.restorer.settle('shop');
      fake.deployments.added(noted);
      await settle();
      await fake.clock.advance(200);
      expect(fake.client.log).to.deep.equal([
        'get deployments',
        'patch deployments',
        'get deployments',
        'patch deployments',
      ]);
    });
  }

  it('stops trying when the configuration may scale again meanwhile', async () => {
    found(raw());
    written(refusal(409));
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await settle();
    fake.context.restorer.entitle('shop', 'web', { uid: 'uid-scale', restore: true });
    await fake.clock.advance(60_000);
    expect(patches()).to.have.length(1);
  });

  it('lets go of a deployment that is gone', async () => {
    fake.context.restorer.settle('shop');
    fake.deployments.added(noted);
    await fake.clock.advance(60_000);
    expect(fake.client.log).to.deep.equal(['get deployments']);
  });

  it('ignores notes that are not ours to understand', async () => {
    fake.context.restorer.settle('shop');
    fake.deployments.added(deployment('web', { restoreNote: '{"replicas":"many"}' }));
    await settle();
    expect(fake.client.log).to.deep.equal([]);
  });
});
