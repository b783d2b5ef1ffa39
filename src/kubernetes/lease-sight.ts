import type { Clock } from '../runtime/clock.ts';
import type { Lease } from './resources/leases.ts';

/** No leader is waited for longer than this, ms, however long its Lease says: it may be a slip of somebody's hand. */
const LONGEST_VALIDITY_MS = 10 * 60_000;

/** Clocks count as the same that differ by less, ms: it takes a moment until a change is seen. */
const SAME_CLOCK_MS = 1_000;

/** A time that is further away, ms, is no clock's but a slip of somebody's hand. */
const LONGEST_LEAD_MS = 86_400_000;

interface Claim {
  readonly holder: string;
  readonly validMs: number;
  /** When we saw it, by the monotonic clock. */
  readonly since: number;
}

/**
 * A Lease as it was last seen, and since when it has been so. Its times are written by another's clock
 * and decide nothing: a holder counts as alive for the duration after we have seen its Lease change. They
 * only tell how that clock differs from ours.
 */
export class LeaseSight {
  readonly #clock: Clock;
  readonly #durationMs: number;
  #lease: Lease | undefined;
  /** Who last had the Lease; it may have been deleted under him. */
  #claim: Claim | undefined;
  #clockLeadMs = 0;

  /** @param durationMs of a Lease that does not say */
  constructor(clock: Clock, durationMs: number) {
    this.#clock = clock;
    this.#durationMs = durationMs;
  }

  /** Undefined: there is none, or it has not been seen yet. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /**
   * How far our clock is ahead of the clock of whoever wrote it last, ms; 0: about the same, or nobody knows.
   * What reaches us late makes it more, never less.
   */
  get clockLeadMs(): number {
    return this.#clockLeadMs;
  }

  /** Takes note of how it is now; undefined: there is none. */
  see(lease: Lease | undefined): void {
    const before = this.#lease;
    this.#lease = lease;
    if (lease === undefined) return;
    const { uid, resourceVersion } = lease.metadata;
    const was = before?.metadata;
    if (was?.uid === uid && was.resourceVersion === resourceVersion) return;
    const { holder, renewedAt } = lease;
    // What was there already when we came, or was changed by somebody else's hand, may be of any age.
    if (before !== undefined && before.renewedAt !== renewedAt) this.#compare(renewedAt);
    this.#claim = { holder, validMs: this.#validity(lease), since: this.#clock.monotonic() };
  }

  /** How long nobody but its holder may take it, ms; 0: `identity` may take it now. */
  takenForMs(identity: string): number {
    if (this.#claim === undefined) return 0;
    const { holder, validMs, since } = this.#claim;
    if (holder === '' || holder === identity) return 0;
    return Math.max(0, since + validMs - this.#clock.monotonic());
  }

  #compare(renewedAt: number): void {
    const leadMs = this.#clock.now() - renewedAt;
    const isLikely = Math.abs(leadMs) >= SAME_CLOCK_MS && Math.abs(leadMs) <= LONGEST_LEAD_MS;
    this.#clockLeadMs = isLikely ? leadMs : 0;
  }

  /** While a holder stays, nobody shortens the time that he believes to have. */
  #validity({ holder, durationSeconds }: Lease): number {
    const said =
      durationSeconds === undefined || durationSeconds <= 0 ? undefined : durationSeconds;
    const saidMs = said === undefined ? this.#durationMs : said * 1_000;
    const validMs = Math.min(saidMs, Math.max(this.#durationMs, LONGEST_VALIDITY_MS));
    const before = this.#claim;
    return before?.holder === holder ? Math.max(before.validMs, validMs) : validMs;
  }
}
