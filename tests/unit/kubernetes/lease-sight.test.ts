import { expect } from 'chai';
import { LeaseSight } from '../../../src/kubernetes/lease-sight.ts';
import { leases } from '../../../src/kubernetes/resources/leases.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const DURATION_MS = 15_000;

/** A Lease of `a`, as the API server sends it. */
function lease(resourceVersion: string, spec: Readonly<Record<string, unknown>> = {}) {
  return leases.strip({
    metadata: { name: 'monkey', namespace: 'home', uid: 'u', resourceVersion },
    spec: { holderIdentity: 'a', leaseDurationSeconds: 15, ...spec },
  });
}

describe('LeaseSight', () => {
  it('counts from when it saw a change, not from when it looked', async () => {
    const clock = new FakeClock();
    const sight = new LeaseSight(clock, DURATION_MS);
    sight.see(lease('1'));
    await clock.advance(10_000);
    sight.see(lease('1'));
    expect(sight.takenForMs('b')).to.equal(5_000);
    sight.see(lease('2'));
    expect(sight.takenForMs('b')).to.equal(DURATION_MS);
  });

  it('leaves what it never saw to anybody, and what is released, and to its holder what is his', () => {
    const sight = new LeaseSight(new FakeClock(), DURATION_MS);
    expect(sight.takenForMs('b')).to.equal(0);
    sight.see(lease('1'));
    expect(sight.takenForMs('a')).to.equal(0);
    sight.see(lease('2', { holderIdentity: '', leaseDurationSeconds: 1 }));
    expect(sight.takenForMs('b')).to.equal(0);
  });

  it('gives another holder the time that he says', () => {
    const sight = new LeaseSight(new FakeClock(), DURATION_MS);
    sight.see(lease('1', { leaseDurationSeconds: 60 }));
    sight.see(lease('2', { leaseDurationSeconds: 20 }));
    expect(sight.takenForMs('c')).to.equal(60_000);
    sight.see(lease('3', { leaseDurationSeconds: 20, holderIdentity: 'b' }));
    expect(sight.takenForMs('c')).to.equal(20_000);
  });

  const now = '2026-01-01T00:00:00.000000Z';
  const times: readonly [what: string, before: unknown, after: unknown, leadMs: number][] = [
    ['a clock ten minutes behind', now, '2025-12-31T23:50:00.000000Z', 600_000],
    ['a clock ten minutes ahead', now, '2026-01-01T00:10:00.000000Z', -600_000],
    ['about the same clock', now, '2025-12-31T23:59:59.500000Z', 0],
    [
      'a time that stays, when something else was edited',
      '2025-12-31T23:50:00Z',
      '2025-12-31T23:50:00Z',
      0,
    ],
    ['a time of another century', now, '1999-01-01T00:00:00.000000Z', 0],
    ['no time', now, 'yesterday', 0],
  ];
  for (const [what, before, after, leadMs] of times) {
    it(`knows how far it is ahead of ${what}`, () => {
      const sight = new LeaseSight(new FakeClock(Date.parse(now)), DURATION_MS);
      sight.see(lease('1', { renewTime: before }));
      sight.see(lease('2', { renewTime: after }));
      expect(sight.clockLeadMs).to.equal(leadMs);
    });
  }
});
