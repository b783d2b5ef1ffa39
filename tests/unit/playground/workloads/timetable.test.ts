import { expect } from 'chai';
import fc from 'fast-check';
import { Timetable } from '../../../../src/playground/workloads/timetable.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';

describe('a timetable', () => {
  let clock: FakeClock;
  let timetable: Timetable;
  let called: string[];
  let abort: AbortController;
  let running: Promise<void>;
  beforeEach(() => {
    clock = new FakeClock();
    timetable = new Timetable(clock);
    called = [];
    abort = new AbortController();
    running = timetable.run((key) => called.push(key), abort.signal);
  });
  afterEach(async () => {
    abort.abort();
    await running;
  });

  it('calls each key when it is due', async () => {
    timetable.after(20, 'b');
    timetable.after(10, 'a');
    await clock.advance(9);
    expect(called).to.deep.equal([]);
    await clock.advance(1);
    expect(called).to.deep.equal(['a']);
    await clock.advance(10);
    expect(called).to.deep.equal(['a', 'b']);
  });

  it('wakes for one that is due earlier than the one it waits for', async () => {
    timetable.after(1000, 'late');
    await settle();
    timetable.after(10, 'early');
    await clock.advance(10);
    expect(called).to.deep.equal(['early']);
  });

  it('has no timer while nothing is due, and none after its end', async () => {
    await settle();
    expect(clock.sleeping).to.equal(0);
    timetable.after(10, 'a');
    await settle();
    expect(clock.sleeping).to.equal(1);
    abort.abort();
    await running;
    expect([clock.sleeping, timetable.size]).to.deep.equal([0, 1]);
  });

  it('ends when it is told to before it began', async () => {
    await new Timetable(clock).run(() => undefined, AbortSignal.abort());
  });

  it('keeps the order of delays, and of entry where they are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }),
        async (delays) => {
          called.length = 0;
          for (const [index, delay] of delays.entries())
            timetable.after(delay, `${delay} ${index}`);
          await clock.advance(20);
          const expected = delays
            .map((delay, index) => ({ delay, index }))
            .sort((a, b) => a.delay - b.delay || a.index - b.index);
          expect(called).to.deep.equal(expected.map(({ delay, index }) => `${delay} ${index}`));
        },
      ),
      { numRuns: 30 },
    );
  });
});
