export interface BackoffOptions {
  /** Delay before the first retry, ms. */
  readonly initialMs: number;
  /** Longest delay, ms. */
  readonly maximumMs: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/**
 * Exponential back-off with equal jitter: the n-th delay is in [d/2, d) for d = initial * 2^n, capped.
 * The lower half is kept so that a herd of clients spreads out and yet no client retries at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The next delay in ms. */
  next(): number {
    const { initialMs, maximumMs, random } = this.#options;
    const ceiling = Math.min(maximumMs, initialMs * 2 ** Math.min(this.#attempt++, 30));
    return ceiling / 2 + (ceiling / 2) * random();
  }

  /** After a success: the next delay is the first one again. */
  reset(): void {
    this.#attempt = 0;
  }
}
