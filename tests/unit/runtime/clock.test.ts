import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock } from '../../../src/runtime/clock.ts';

describe('systemClock.sleep', () => {
  let timers: sinon.SinonFakeTimers;
  let ending: AbortController;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    ending = new AbortController();
  });
  afterEach(() => {
    expect(timers.countTimers()).to.equal(0);
    expect(getEventListeners(ending.signal, 'abort')).to.deep.equal([]);
    timers.restore();
  });

  const sleep = (delayMs: number) => {
    const state = { over: false };
    const done = systemClock.sleep(delayMs, ending.signal).then(() => {
      state.over = true;
    });
    return { state, done };
  };

  it('ends when its time is over, and not before', async () => {
    const { state, done } = sleep(5_000);
    await timers.tickAsync(4_990);
    expect(state.over).to.equal(false);
    await timers.tickAsync(10);
    await done;
  });

  it('takes delays that no timer of Node takes', async () => {
    const thirtyDays = 30 * 24 * 3_600_000;
    const { state, done } = sleep(thirtyDays);
    await timers.tickAsync(thirtyDays - 1_000);
    expect(state.over).to.equal(false);
    await timers.tickAsync(1_000);
    await done;
  });

  for (const delayMs of [0, -5]) {
    it(`lets a delay of ${delayMs} ms wait for the next turn alone`, async () => {
      const { done } = sleep(delayMs);
      await timers.tickAsync(1);
      await done;
    });
  }

  it('ends at once with the reason when its signal aborts, before or while it sleeps', async () => {
    const { done } = sleep(60_000);
    ending.abort(new Error('enough'));
    for (const sleeping of [done, sleep(1).done]) {
      const error = await sleeping.catch((thrown: unknown) => thrown);
      expect(error).to.have.property('message', 'enough');
    }
  });
});
