import { expect } from 'chai';
import fc from 'fast-check';
import {
  describeCandidates,
  drawVictim,
  sortCandidates,
} from '../../../src/controller/candidates.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { pod } from '../../fakes/stripped-objects.ts';

const all = () => true;
const names = (pods: readonly { metadata: { name: string } }[]) =>
  pods.map(({ metadata }) => metadata.name);

describe('sortCandidates', () => {
  it('takes only ready pods that are not terminating', () => {
    const pods = [
      pod('ready'),
      pod('starting', { ready: false }),
      pod('ending', { terminating: true }),
      pod('ending-unready', { terminating: true, ready: false }),
    ];
    const candidates = sortCandidates(pods, all);
    expect(names(candidates.ready)).to.deep.equal(['ready']);
    expect(candidates).to.include({ terminating: 2, unready: 1 });
    expect(describeCandidates(candidates)).to.equal(
      '1 of 4 pods ready, 1 not ready, 2 terminating',
    );
  });

  it('leaves out what does not match', () => {
    const pods = [pod('ours'), pod('foreign', { labels: new Map([['app', 'other']]) })];
    const candidates = sortCandidates(pods, ({ labels }) => labels.get('app') === 'web');
    expect(names(candidates.ready)).to.deep.equal(['ours']);
    expect(candidates).to.include({ terminating: 0, unready: 0 });
  });

  it('orders by age, then by name in code units', () => {
    const pods = [
      pod('b', { createdAt: 2 }),
      pod('ä', { createdAt: 2 }),
      pod('z', { createdAt: 1 }),
      pod('B', { createdAt: 2 }),
      pod('a', { createdAt: 2 }),
    ];
    expect(names(sortCandidates(pods, all).ready)).to.deep.equal(['z', 'B', 'a', 'b', 'ä']);
  });

  it('gives the same order whatever the order the pods come in', () => {
    const some = fc.uniqueArray(fc.tuple(fc.string(), fc.integer({ min: 0, max: 3 })), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (entries, keys) => {
        const pods = entries.map(([name, createdAt]) => pod(name, { createdAt }));
        const shuffled = pods
          .map((one) => ({ one, key: Number(keys.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(names(sortCandidates(shuffled, all).ready)).to.deep.equal(
          names(sortCandidates(pods, all).ready),
        );
      }),
    );
  });
});

describe('drawVictim', () => {
  const pods = ['a', 'b', 'c'].map((name) => pod(name));

  it('has nobody to draw from nobody', () => {
    expect(drawVictim([], () => 0.5)).to.equal(undefined);
  });

  it('covers the whole range, the ends included', () => {
    expect(drawVictim(pods, () => 0)).to.equal(pods[0]);
    expect(drawVictim(pods, () => 1 - Number.EPSILON)).to.equal(pods[2]);
  });

  it('draws each about equally often, and the same for the same stream', () => {
    const draw = () => {
      const random = randomStream('seed', 'shop', 'kill', 1);
      return Array.from({ length: 3_000 }, () => drawVictim(pods, random)?.metadata.name);
    };
    const drawn = draw();
    expect(draw()).to.deep.equal(drawn);
    for (const name of ['a', 'b', 'c'])
      expect(drawn.filter((one) => one === name).length).to.be.within(900, 1_100);
  });
});
