import type { Clock } from '../runtime/clock.ts';

/** Lets `burst` through at once, and then `perSecond`. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = clock.monotonic();
  }

  /** Takes a token. @returns how long to wait before using it, ms; 0 while there are some */
  take(): number {
    const now = this.#clock.monotonic();
    this.#tokens =
      Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond) - 1;
    this.#at = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1_000;
  }
}
