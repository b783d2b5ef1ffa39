import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Holdings,
  type Lives,
  planRotation,
  settleMs,
  type Validity,
} from '../../../../src/controller/certificates/plan-rotation.ts';
import { type Accident, RotationModel, settledModel } from './rotation-model.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const SHORT: Lives = { certificateMs: MINUTE, authorityMs: 2 * MINUTE };
const LONG: Lives = { certificateMs: 90 * DAY, authorityMs: 365 * DAY };

/** How late a replica may be with a new certificate, ms. */
const REPLICA_LATE_MS = 10_000;

const accidents = fc.constantFrom<Accident>(
  'dies before the bundle',
  'dies before the leaf',
  'cannot tell',
);

/** Rounds without accident, a second or so apart, and then one with. */
const stretches = fc.array(
  fc.record({
    gapsMs: fc.array(fc.integer({ min: 600, max: 1_500 }), { minLength: 12, maxLength: 30 }),
    accident: accidents,
  }),
  { minLength: 2, maxLength: 6 },
);

const latenesses = fc.record({
  replicaMs: fc.integer({ min: 0, max: REPLICA_LATE_MS }),
  apiServerMs: fc.integer({ min: 0, max: settleMs(SHORT) - 1 }),
});

/** What is served is vouched for by somebody who is trusted, and has not ended. Quick, for it is asked often. */
function expectTrusted(model: RotationModel, late: { replicaMs: number; apiServerMs: number }) {
  const leaf = model.served(late.replicaMs);
  if (leaf === undefined) throw new Error('nothing is served');
  const trusted = model.trusted(late.apiServerMs);
  if (!trusted.includes(leaf.issuer)) throw new Error(`served by ${leaf.issuer}, not ${trusted}`);
  if (leaf.expiresMs <= model.nowMs) throw new Error('what is served has expired');
}

describe('planRotation', () => {
  it('has what is served trusted at each instant, whoever is late and whenever a leader dies', () => {
    fc.assert(
      fc.property(stretches, latenesses, (calm, late) => {
        const model = settledModel(SHORT);
        const check = () => expectTrusted(model, late);
        for (const { gapsMs, accident } of calm) {
          for (const gapMs of gapsMs) {
            for (const part of [0.5, 0.5]) {
              model.nowMs += gapMs * part;
              check();
            }
            model.round('none', check);
          }
          model.round(accident, check);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps it trusted when the authority is lost, and has the new one sign in the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), latenesses, (before, late) => {
        const model = settledModel(SHORT);
        const check = () => expectTrusted(model, late);
        const go = (rounds: number) => {
          for (let round = 0; round < rounds; round += 1) {
            model.nowMs += 1_000;
            model.round('none', check);
          }
        };
        go(before);
        const { current } = model.holdings;
        model.loseAuthority();
        go(MINUTE / 1_000);
        expect(model.holdings.leaf?.issuer).not.to.equal(current?.fingerprint);
      }),
      { numRuns: 50 },
    );
  });

  it('replaces a lost certificate at once, by an authority that is trusted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (before) => {
        const model = settledModel(SHORT);
        for (let round = 0; round < before; round += 1) {
          model.nowMs += 1_000;
          model.round('none', () => {});
        }
        model.loseLeaf();
        model.round('none', () => {});
        expectTrusted(model, { replicaMs: 0, apiServerMs: settleMs(SHORT) - 1 });
      }),
      { numRuns: 50 },
    );
  });

  it('says when to look again: nothing is due before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(SHORT, LONG),
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (lives, rounds, part) => {
          const model = settledModel(lives);
          for (let round = 0; round < rounds; round += 1) {
            model.nowMs = Math.max(
              model.nowMs,
              Math.min(model.plan.lookAgainMs, model.nowMs + DAY),
            );
            model.round('none', () => {});
          }
          const { authority, leaf, lookAgainMs } = model.plan;
          fc.pre(authority === 'keep' && leaf === 'keep');
          expect(lookAgainMs).to.be.above(model.nowMs);
          model.nowMs += Math.floor((lookAgainMs - model.nowMs) * part);
          expect(model.plan).to.deep.include({ authority: 'keep', leaf: 'keep', forget: [] });
        },
      ),
    );
  });

  it('makes both for the first time without waiting', () => {
    const model = new RotationModel(LONG);
    expect(model.plan).to.include({ authority: 'make', leaf: 'issue' });
    model.round('none', () => {});
    expect(model.plan).to.include({ authority: 'keep', leaf: 'keep' });
  });

  it('renews each at two thirds of its life', () => {
    const model = settledModel(LONG);
    const made = model.nowMs;
    const dueAfterDays = (what: 'leaf' | 'authority') => {
      for (let round = 0; model.plan[what] === 'keep'; round += 1) {
        expect(round).to.be.below(100);
        model.round('none', () => {});
        model.nowMs = model.plan.lookAgainMs;
      }
      return (model.nowMs - made) / DAY;
    };
    expect(dueAfterDays('leaf')).to.be.within(59.9, 60);
    expect(dueAfterDays('authority')).to.be.within(243, 244);
  });

  it('goes on renewing where nobody can be told whom to trust', () => {
    const model = settledModel(SHORT);
    for (let round = 0; round < 600; round += 1) {
      model.nowMs += 1_000;
      model.round('cannot tell', () => {});
      expect(model.served(0)?.expiresMs).to.be.above(model.nowMs + 1_000);
    }
  });

  describe('with one certificate', () => {
    const authority: Validity = { fingerprint: 'a', createdMs: 0, expiresMs: 365 * DAY };
    const leaf = { fingerprint: 'l', createdMs: 0, expiresMs: 90 * DAY, issuer: 'a', fits: true };
    const held: Holdings = { current: authority, next: undefined, previous: [], leaf };
    const plan = (nowMs: number, more: Partial<Holdings> = {}, lives = LONG) =>
      planRotation({ ...held, ...more }, lives, { nowMs, trustedForMs: () => DAY });

    for (const [what, odd] of [
      ['for other names', { ...leaf, fits: false }],
      ['of an unknown authority', { ...leaf, issuer: undefined }],
      ['that has expired', { ...leaf, expiresMs: 1 }],
    ] as const) {
      it(`replaces one ${what}`, () => {
        expect(plan(DAY, { leaf: odd })).to.include({ authority: 'keep', leaf: 'issue' });
      });
    }

    it('replaces one that lives longer than is wanted now', () => {
      expect(plan(MINUTE, {}, SHORT)).to.include({ leaf: 'issue', authority: 'keep' });
      expect(plan(2 * MINUTE, {}, SHORT)).to.include({ leaf: 'issue', authority: 'prepare' });
    });

    it('minds no clock that is ten minutes behind', () => {
      expect(plan(-10 * MINUTE)).to.include({ authority: 'keep', leaf: 'keep' });
    });

    it('forgets authorities that ended ten minutes ago, and all but sixteen', () => {
      const old = (count: number, expiresMs: number) =>
        Array.from({ length: count }, (_, index) => ({
          ...{ fingerprint: `${index}`, createdMs: 0 },
          expiresMs,
        }));
      const due = 300 * DAY;
      expect(plan(due).authority).to.equal('prepare');
      expect(plan(due, { previous: old(1, due - 9 * MINUTE) }).forget).to.deep.equal([]);
      expect(plan(due, { previous: old(1, due - 11 * MINUTE) }).forget).to.deep.equal(['0']);
      expect(plan(due, { previous: old(18, due + DAY) }).forget).to.deep.equal(['16', '17']);
      expect(plan(DAY, { previous: old(18, 0) }).forget, 'by itself').to.deep.equal([]);
    });
  });
});
