import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time as an argument. Waiting is by the monotonic clock, so a wall clock that jumps stalls nothing. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed instant; never goes back. */
  monotonic(): number;
  /** Resolves after `delayMs` (any size, 0 or less: next turn); rejects with the signal's reason when it aborts. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** The longest delay a Node timer takes; longer ones fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(delayMs, signal) {
    signal.throwIfAborted();
    const until = performance.now() + delayMs;
    try {
      do {
        const remainingMs = Math.max(0, until - performance.now());
        await sleepFor(Math.min(remainingMs, LONGEST_TIMER_MS), undefined, { signal });
      } while (performance.now() < until - 1);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
