import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { settle } from './fake-clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * The system's clock, which a test sets forward: real sockets take real time, and `skip` lets the rest
 * pass at once. Wall and monotonic time move together, unless `jump` is called.
 */
export class SkippingClock implements Clock {
  #skipped = 0;
  #jumped = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return Date.now() + this.#skipped + this.#jumped;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skipped;
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const woken = new AbortController();
    const sleeper = { until: this.monotonic() + delayMs, wake: () => woken.abort() };
    this.#sleepers.add(sleeper);
    try {
      await systemClock.sleep(delayMs, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#sleepers.delete(sleeper);
    }
  }

  /** Moves time on, waking sleepers in order and letting each run before the next. */
  async skip(durationMs: number): Promise<void> {
    const end = this.monotonic() + durationMs;
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      this.#forwardTo(next.until);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#forwardTo(end);
    await settle();
  }

  /** Sets the wall clock forward or back, as an administrator would. */
  jump(durationMs: number): void {
    this.#jumped += durationMs;
  }

  #forwardTo(instant: number): void {
    this.#skipped += Math.max(0, instant - this.monotonic());
  }
}
