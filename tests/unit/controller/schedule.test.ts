import { expect } from 'chai';
import fc from 'fast-check';
import {
  delayAfter,
  firstDue,
  phase,
  type ScheduleInput,
} from '../../../src/controller/schedule.ts';

const now = 1_000_000;
const base: ScheduleInput = { now, uid: 'uid-1', timeoutMs: 10_000, specUnchanged: true };

describe('firstDue', () => {
  it('lets a new configuration wait one whole timeout', () => {
    expect(firstDue(base)).to.equal(now + 10_000);
  });

  it('keeps what the status promised', () => {
    expect(firstDue({ ...base, nextExecution: now + 3_000, lastExecution: now - 7_000 })).to.equal(
      now + 3_000,
    );
  });

  it('spreads what is overdue over one timeout by the phase of the UID', () => {
    const due = firstDue({ ...base, nextExecution: now - 60_000, lastExecution: now - 70_000 });
    expect(due).to.equal(now + 2_000 + Math.ceil(phase('uid-1') * 8_000));
  });

  it('is no salvo after a restart: a thousand overdue configurations are spread', () => {
    const dues = Array.from({ length: 1_000 }, (_, n) =>
      firstDue({ ...base, uid: `uid-${n}`, nextExecution: now - 1 }),
    );
    const perSecond = Array.from(
      { length: 10 },
      (_, s) => dues.filter((due) => Math.floor((due - now - 1) / 1_000) === s).length,
    );
    expect(perSecond.slice(0, 2)).to.deep.equal([0, 0]);
    expect(Math.max(...perSecond)).to.be.below(180);
    expect(Math.min(...perSecond.slice(2))).to.be.above(80);
  });

  it('waits a whole timeout after a tick whose end nobody knows', () => {
    const interrupted = { ...base, interrupted: true, lastExecution: now - 200 };
    expect(firstDue({ ...interrupted, nextExecution: now + 9_800 })).to.equal(now + 10_000);
    expect(firstDue(interrupted)).to.equal(now + 10_000);
  });

  it('counts a tick whose end nobody knows as over a minute after its claim', () => {
    const hour = { ...base, timeoutMs: 3_600_000, interrupted: true };
    const lastExecution = now - 1_800_000;
    const nextExecution = now + 1_800_000;
    expect(firstDue({ ...hour, lastExecution, nextExecution })).to.equal(now + 1_860_000);
  });

  it('is not held up by a promise made before the clock jumped back', () => {
    expect(firstDue({ ...base, nextExecution: now + 3_600_000 })).to.equal(now + 10_000);
  });

  const edits: readonly [string, Partial<ScheduleInput>, number][] = [
    [
      'an edit that keeps the timeout keeps the due time',
      { promisedTimeoutMs: 10_000, nextExecution: now + 4_000 },
      4_000,
    ],
    [
      'a longer timeout counts from the last execution',
      { promisedTimeoutMs: 5_000, nextExecution: now + 4_000 },
      9_000,
    ],
    [
      'a shorter timeout counts from the last execution',
      { promisedTimeoutMs: 20_000, nextExecution: now + 12_000 },
      2_000,
    ],
    [
      'a shorter timeout that is over already acts when promised',
      { promisedTimeoutMs: 60_000, nextExecution: now + 3_000 },
      3_000,
    ],
    [
      'a shorter timeout that is over already waits at most one timeout',
      { promisedTimeoutMs: 60_000, nextExecution: now + 30_000 },
      10_000,
    ],
    [
      'an edit while no controller ran counts from the last execution',
      { lastExecution: now - 4_000, nextExecution: now + 50_000 },
      6_000,
    ],
    [
      'an edit while no controller ran, before any execution, keeps the earlier',
      { nextExecution: now + 50_000 },
      10_000,
    ],
  ];
  for (const [name, input, expected] of edits) {
    it(name, () => {
      expect(firstDue({ ...base, specUnchanged: false, ...input }) - now).to.equal(expected);
    });
  }

  it('cannot be postponed by editing: the due time is never later than one timeout from now', () => {
    const instants = fc.option(fc.integer({ min: now - 1e6, max: now + 1e6 }), { nil: undefined });
    fc.assert(
      fc.property(
        instants,
        instants,
        fc.integer({ min: 1_000, max: 1e6 }),
        fc.boolean(),
        (next, last, timeoutMs, specUnchanged) => {
          const due = firstDue({
            ...base,
            timeoutMs,
            specUnchanged,
            nextExecution: next,
            lastExecution: last,
          });
          expect(due).to.be.within(now, now + timeoutMs);
        },
      ),
    );
  });

  it('lets a resumed configuration wait for what is left of its timeout', () => {
    expect(firstDue({ ...base, lastExecution: now - 8_000 })).to.equal(now + 2_000);
    expect(firstDue({ ...base, lastExecution: now - 80_000 })).to.equal(now + 10_000);
  });
});

describe('delayAfter', () => {
  it('doubles with each failure in a row but the first, up to eight timeouts', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((failures) => delayAfter(1_000, failures))).to.deep.equal([
      1_000, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ]);
  });
});
