import type { Clock } from '../../runtime/clock.ts';

/** For how long each authority has been trusted without a break, as far as we have seen. */
export class TrustTimes {
  readonly #clock: Clock;
  #since: ReadonlyMap<string, number> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param fingerprints of all authorities that are trusted now; the others are not */
  see(fingerprints: readonly string[]): void {
    const now = this.#clock.monotonic();
    this.#since = new Map(fingerprints.map((one) => [one, this.#since.get(one) ?? now]));
  }

  /** In ms; 0: it is not trusted, or only just. */
  trustedForMs(fingerprint: string): number {
    const since = this.#since.get(fingerprint);
    return since === undefined ? 0 : this.#clock.monotonic() - since;
  }
}
