import { expect } from 'chai';
import fc from 'fast-check';
import {
  boundVictims,
  type ConfigurationStatus,
  findCondition,
  type NewCondition,
  parseStatus,
  setCondition,
  statusPatch,
} from '../../../src/configuration/status.ts';
import { applyMergePatch } from '../../../src/playground/patch/merge-patch.ts';
import { v1Statuses } from '../../fakes/arbitrary-configurations.ts';

const EMPTY: ConfigurationStatus = { conditions: [], ticks: 0 };
const NOON = Date.UTC(2026, 0, 1, 12);

const found: NewCondition = {
  type: 'TargetFound',
  status: 'True',
  reason: 'Found',
  message: 'deployment web is there',
};
const missing: NewCondition = {
  type: 'TargetFound',
  status: 'False',
  reason: 'NotFound',
  message: 'there is no deployment web',
};
const accepted: NewCondition = { type: 'Accepted', status: 'True', reason: 'Valid', message: '' };

describe('setCondition', () => {
  it('says when the condition became what it is', () => {
    expect(setCondition(EMPTY, found, 3, NOON).conditions).to.deep.equal([
      { ...found, lastTransitionTime: '2026-01-01T12:00:00.000Z', observedGeneration: 3 },
    ]);
  });

  it('keeps that time while the status is the same, whatever the reason and message', () => {
    const before = setCondition(EMPTY, missing, 1, NOON);
    const again: NewCondition = { ...missing, reason: 'Terminating', message: 'it goes' };
    expect(setCondition(before, again, 2, NOON + 5_000).conditions).to.deep.equal([
      { ...again, lastTransitionTime: '2026-01-01T12:00:00.000Z', observedGeneration: 2 },
    ]);
  });

  it('renews it when the status changes, and leaves the other conditions alone', () => {
    const before = [missing, accepted].reduce<ConfigurationStatus>(
      (status, condition) => setCondition(status, condition, 1, NOON),
      EMPTY,
    );
    const after = setCondition(before, found, 1, NOON + 250);
    expect(after.conditions.map(({ type }) => type)).to.deep.equal(['TargetFound', 'Accepted']);
    expect(findCondition(after, 'TargetFound')?.lastTransitionTime).to.equal(
      '2026-01-01T12:00:00.250Z',
    );
    expect(findCondition(after, 'Accepted')).to.equal(findCondition(before, 'Accepted'));
  });

  it('changes nothing in place', () => {
    const before = setCondition(EMPTY, missing, 1, NOON);
    const copy = structuredClone(before);
    setCondition(before, found, 2, NOON + 1);
    expect(before).to.deep.equal(copy);
  });
});

describe('boundVictims', () => {
  it('keeps the first ten', () => {
    const victims = Array.from({ length: 12 }, (_, n) => ({ kind: 'Pod', name: `web-${n}` }));
    expect(boundVictims(victims)).to.deep.equal(victims.slice(0, 10));
  });
});

describe('statusPatch', () => {
  const outcome = {
    result: 'Acted',
    reason: 'Acted',
    message: 'killed web-1',
    time: '2026-01-01T12:00:00.000Z',
    tick: 1,
  } as const;

  it('is nothing for equal statuses', () => {
    const status = setCondition({ ...EMPTY, lastOutcome: outcome }, found, 1, NOON);
    expect(statusPatch(status, structuredClone(status))).to.equal(undefined);
  });

  it('holds only what changed, and null for what went away', () => {
    const before = { ...EMPTY, ticks: 1, seed: 's', nextExecution: 'x', lastOutcome: outcome };
    const after = { ...EMPTY, ticks: 2, seed: 's', lastOutcome: { ...outcome, tick: 2 } };
    expect(statusPatch(before, after)).to.deep.equal({
      ticks: 2,
      nextExecution: null,
      lastOutcome: { tick: 2 },
    });
  });

  it('replaces lists as a whole', () => {
    const before = setCondition(setCondition(EMPTY, found, 1, NOON), accepted, 1, NOON);
    const after = setCondition(before, missing, 2, NOON + 1);
    expect(statusPatch(before, after)).to.deep.equal({ conditions: after.conditions });
  });

  it('makes any status any other when it is applied as a merge patch', () => {
    fc.assert(
      fc.property(v1Statuses, v1Statuses, (from, to) => {
        const before = parseStatus(from);
        const after = parseStatus(to);
        const patched = applyMergePatch(
          JSON.parse(JSON.stringify(before)),
          JSON.parse(JSON.stringify(statusPatch(before, after) ?? {})),
        );
        expect(patched).to.deep.equal(after);
      }),
    );
  });
});
