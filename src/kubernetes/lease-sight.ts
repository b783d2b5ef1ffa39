import type { Clock } from '../runtime/clock.ts';
import type { Lease } from './resources/leases.ts';

/** No leader is waited for longer than this, ms, however long its Lease says: it may be a slip of somebody's hand. */
const LONGEST_VALIDITY_MS = 10 * 60_000;

interface Claim {
  readonly holder: string;
  readonly validMs: number;
  /** When we saw it, by the monotonic clock. */
  readonly since: number;
}

/**
 * A Lease as it was last seen, and since when it has been so. Its times are written by another's clock
 * and are not read: a holder counts as alive for the duration after we have seen its Lease change.
 */
export class LeaseSight {
  readonly #clock: Clock;
  readonly #durationMs: number;
  #lease: Lease | undefined;
  /** Who last had the Lease; it may have been deleted under him. */
  #claim: Claim | undefined;

  /** @param durationMs of a Lease that does not say */
  constructor(clock: Clock, durationMs: number) {
    this.#clock = clock;
    this.#durationMs = durationMs;
  }

  /** Undefined: there is none, or it has not been seen yet. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** Takes note of how it is now; undefined: there is none. */
  see(lease: Lease | undefined): void {
    const before = this.#lease?.metadata;
    this.#lease = lease;
    if (lease === undefined) return;
    const { uid, resourceVersion } = lease.metadata;
    if (before?.uid === uid && before.resourceVersion === resourceVersion) return;
    const { holder } = lease;
    this.#claim = { holder, validMs: this.#validity(lease), since: this.#clock.monotonic() };
  }

  /** How long nobody but its holder may take it, ms; 0: `identity` may take it now. */
  takenForMs(identity: string): number {
    if (this.#claim === undefined) return 0;
    const { holder, validMs, since } = this.#claim;
    if (holder === '' || holder === identity) return 0;
    return Math.max(0, since + validMs - this.#clock.monotonic());
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
