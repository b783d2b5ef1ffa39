import { expect } from 'chai';
import fc from 'fast-check';
import { TokenBucket } from '../../../src/kubernetes/token-bucket.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

describe('TokenBucket', () => {
  it('lets the burst through at once, then so many a second', () => {
    const bucket = new TokenBucket(new FakeClock(), 10, 3);
    const waits = Array.from({ length: 6 }, () => bucket.take());
    expect(waits).to.deep.equal([0, 0, 0, 100, 200, 300]);
  });

  it('saves up no more than the burst', async () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(clock, 10, 2);
    await clock.advance(3_600_000);
    expect([bucket.take(), bucket.take(), bucket.take()]).to.deep.equal([0, 0, 100]);
  });

  it('is not moved by a wall clock that jumps', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(clock, 1, 1);
    bucket.take();
    clock.jump(86_400_000);
    expect(bucket.take()).to.equal(1_000);
  });

  it('never lets through more than the burst and the rate allow', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        pauses,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 10 }),
        async (all, rate, burst) => {
          const clock = new FakeClock();
          const bucket = new TokenBucket(clock, rate, burst);
          let taken = 0;
          for (const pause of all) {
            await clock.advance(pause + bucket.take());
            taken += 1;
            expect(taken - 1).to.be.at.most(burst + (clock.monotonic() / 1_000) * rate + 1e-6);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
