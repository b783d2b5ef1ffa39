import type { Clock } from '../runtime/clock.ts';
import type { Leadership } from './leadership.ts';

export interface TenureOptions {
  readonly clock: Clock;
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
  /** The instant before the request was sent by which the lease was taken, by the monotonic clock. */
  readonly sentAt: number;
  readonly clockLeadMs: number;
}

/**
 * One time of leading: `leading -> ending -> over`. It ends when it is told to or has not been renewed for
 * the renew deadline; others can take the lease only when its whole duration has passed.
 */
export class Tenure implements Leadership {
  readonly #options: TenureOptions;
  readonly #controller = new AbortController();
  #renewedAt: number;
  #lost: string | undefined;
  readonly #unsettled = new Set<{ readonly until: number }>();

  constructor(options: TenureOptions) {
    this.#options = options;
    this.#renewedAt = options.sentAt;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the lease is no longer ours to renew; undefined while it is. */
  get lost(): string | undefined {
    return this.#lost;
  }

  get clockLeadMs(): number {
    return this.#options.clockLeadMs;
  }

  remainingMs(): number {
    const { clock, durationMs } = this.#options;
    return this.#renewedAt + durationMs - clock.monotonic();
  }

  sending(forMs: number): () => void {
    const write = { until: this.#options.clock.monotonic() + forMs };
    this.#unsettled.add(write);
    return () => void this.#unsettled.delete(write);
  }

  /** How long something that was written may still take effect though nobody knows of it, ms. */
  get unsettledMs(): number {
    const latest = Math.max(0, ...[...this.#unsettled].map(({ until }) => until));
    return Math.max(0, latest - this.#options.clock.monotonic());
  }

  /** How long it may still go on without a renewal, ms. */
  untilDeadlineMs(): number {
    const { clock, renewDeadlineMs } = this.#options;
    return this.#renewedAt + renewDeadlineMs - clock.monotonic();
  }

  /** @param sentAt the instant before the renewal was sent: another saw it later than that */
  renewed(sentAt: number): void {
    this.#renewedAt = Math.max(this.#renewedAt, sentAt);
  }

  /** Asks those who lead to end, while the lease is still ours. */
  end(): void {
    this.#controller.abort();
  }

  /** The renewals have failed for too long: those who lead have the rest of the duration to end. */
  expire(): void {
    this.#lost ??= 'it was not renewed in time';
    this.end();
  }

  /** Another has it: nothing may be written any more. */
  yieldTo(holder: string): void {
    this.#lost ??= holder === '' ? 'somebody released it' : `${holder} holds it`;
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    this.end();
  }

  /** It was given back. */
  released(): void {
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    this.end();
  }
}
