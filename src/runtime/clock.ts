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
  // A timer and one listener: `node:timers/promises` holds 3 KB for each of ten thousand sleepers.
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const until = performance.now() + delayMs;
      let timer: NodeJS.Timeout;
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const wait = () => {
        const remainingMs = Math.max(0, until - performance.now());
        timer = setTimeout(wake, Math.min(remainingMs, LONGEST_TIMER_MS));
      };
      const wake = () => {
        if (performance.now() < until - 1) {
          wait();
          return;
        }
        signal.removeEventListener('abort', stop);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      wait();
    });
  },
};
