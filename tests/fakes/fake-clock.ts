import type { Clock } from '../../src/runtime/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. Wall and monotonic time move together, unless `jump` is called. */
export class FakeClock implements Clock {
  #monotonic = 0;
  #offset: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param start wall clock at the beginning, ms since the epoch */
  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#offset = start;
  }

  now(): number {
    return this.#offset + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** How many are asleep: a test waits for it before it moves the clock. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { until: this.#monotonic + Math.max(0, delayMs), wake: resolve };
    const onAbort = () => reject(signal.reason);
    this.#sleepers.add(sleeper);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Moves time on, waking sleepers in order and letting each run before the next. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#monotonic + durationMs;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      this.#monotonic = Math.max(this.#monotonic, next.until);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#monotonic = end;
    await settle();
  }

  /** Moves time on all at once and wakes nobody before the end, as when the process was paused. */
  async leap(durationMs: number): Promise<void> {
    this.pause(durationMs);
    await this.advance(0);
  }

  /** Moves time on between one line of code and the next: nobody is woken yet. */
  pause(durationMs: number): void {
    this.#monotonic += durationMs;
  }

  /** Sets the wall clock forward or back, as an administrator would. */
  jump(durationMs: number): void {
    this.#offset += durationMs;
  }
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
