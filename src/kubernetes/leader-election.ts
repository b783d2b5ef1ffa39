import { ChildSet } from '../runtime/child-set.ts';
import { ChaosError } from '../runtime/errors.ts';
import type { KubernetesClient } from './client.ts';
import { ElectionLease, type ElectionLeaseOptions, isOvertaken } from './election-lease.ts';
import type { Leadership } from './leadership.ts';
import { type Lease, leases } from './resources/leases.ts';
import { Tenure } from './tenure.ts';
import { watchObject } from './watch-object.ts';

export { type Leadership, undisputed } from './leadership.ts';

export interface LeaderElectionOptions
  extends Omit<ElectionLeaseOptions, 'callDeadlineMs' | 'onSeen'> {
  readonly client: KubernetesClient;
  readonly random: () => number;
  /** For how long a leader goes on without a renewal, ms; below the duration. */
  readonly renewDeadlineMs: number;
  /** How often the lease is renewed or looked at, ms; up to 1.2 times that. */
  readonly retryPeriodMs: number;
  readonly observe?: (change: {
    readonly leading: boolean;
    readonly holder: string | undefined;
  }) => void;
}

const JITTER = 0.2;

/** How often a write is tried anew when somebody else has changed the Lease meanwhile. */
const MOST_CONFLICTS = 3;

/**
 * Leader election by a Lease, as client-go does it:
 *
 * `following -> (free, or not renewed for its duration) leading -> (told to end, not renewed in time, taken
 * by another) ending -> released -> following`.
 *
 * Each write names the version that it changes, so two cannot take the lease at once. Ages count from when
 * we saw a change, by the monotonic clock, so clocks that differ do no harm.
 * @see https://github.com/kubernetes/client-go/blob/master/tools/leaderelection/leaderelection.go
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #lease: ElectionLease;
  #leading = false;
  #told = '';
  /** Ends the present pause: the watch has something to tell. */
  #wake: () => void = () => {};

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    const callDeadlineMs = options.renewDeadlineMs / 2;
    this.#lease = new ElectionLease({ ...options, callDeadlineMs, onSeen: () => this.#tell() });
  }

  /** Holder of the lease as last seen; undefined: nobody, or not known yet. */
  get holder(): string | undefined {
    return this.#lease.seen?.holder || undefined;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** What somebody has to mend so that the lease can be read and written; undefined: nothing. */
  get problem(): string | undefined {
    return this.#lease.problem;
  }

  /** Of the Lease as last seen. */
  annotation(name: string): string | undefined {
    return this.#lease.seen?.annotations.get(name);
  }

  /**
   * Campaigns until `signal` aborts; runs `lead` while leading, again after each win. `lead` must end when its
   * leadership's signal aborts, and the lease is given back when it has.
   * @throws what `lead` throws, but for the consequences of losing the lease
   */
  async run(lead: (leadership: Leadership) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const tenure = await this.#campaign(signal);
      if (tenure === undefined) return;
      await this.#reign(tenure, lead, signal);
      await this.#pause(signal);
    }
  }

  /** Waits for the lease and takes it; undefined when `signal` aborts first. */
  async #campaign(signal: AbortSignal): Promise<Tenure | undefined> {
    await using watches = new ChildSet(signal);
    let news = false;
    const follow = (lease: Lease | undefined) => {
      this.#lease.see(lease);
      news = true;
      this.#wake();
    };
    while (!signal.aborted) {
      try {
        if (!news) await this.#lease.read(signal);
        news = false;
        if (this.#lease.isFree) {
          // Of who led before: what we write now is by our own clock.
          const { clockLeadMs } = this.#lease;
          const sentAt = await this.#lease.acquire(signal);
          return new Tenure({ ...this.#options, sentAt, clockLeadMs });
        }
      } catch (error) {
        if (!signal.aborted && !isOvertaken(error)) this.#lease.failed(error);
      }
      if (!watches.has('lease')) watches.start('lease', (s) => this.#watch(follow, s));
      if (!news) await this.#pause(signal);
    }
    return undefined;
  }

  /** Only for speed: what is wrong with the API server or our rights, the calls tell. */
  #watch(tell: (lease: Lease | undefined) => void, signal: AbortSignal): Promise<void> {
    return watchObject({ ...this.#options, resource: leases, tell }, signal);
  }

  async #reign(
    tenure: Tenure,
    lead: (leadership: Leadership) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { logger, identity } = this.#options;
    const stop = () => tenure.end();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    await using keeping = new ChildSet(new AbortController().signal);
    keeping.start('renewals', (s) => this.#renewals(tenure, s));
    keeping.start('deadline', (s) => this.#deadline(tenure, s));
    this.#lead(true);
    logger.info({ identity }, 'this replica leads');
    try {
      await lead(tenure);
    } catch (error) {
      const isLoss = error instanceof ChaosError && error.code === 'ERR_LEASE_LOST';
      if (!isLoss && error !== tenure.signal.reason) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      tenure.end();
      await keeping.stopAll();
      this.#lead(false);
      logger.info({ identity, lost: tenure.lost }, 'this replica leads no more');
      await this.#release(tenure);
    }
  }

  /** Ends the tenure when it was not renewed in time, whatever the renewal in progress is doing. */
  async #deadline(tenure: Tenure, signal: AbortSignal): Promise<void> {
    for (let restMs = tenure.untilDeadlineMs(); restMs > 0; restMs = tenure.untilDeadlineMs()) {
      await this.#options.clock.sleep(restMs, signal);
    }
    tenure.expire();
  }

  /** Renews also while those who lead are ending: they may need it to end well. */
  async #renewals(tenure: Tenure, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#pause(signal);
      if (signal.aborted) return;
      if (tenure.untilDeadlineMs() <= 0) tenure.expire();
      if (tenure.lost !== undefined) return;
      try {
        await this.#renew(tenure, signal);
      } catch (error) {
        if (!signal.aborted) this.#lease.failed(error);
      }
    }
  }

  async #renew(tenure: Tenure, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < MOST_CONFLICTS; attempt += 1) {
      try {
        tenure.renewed(await this.#lease.renew(signal));
        return;
      } catch (error) {
        if (!isOvertaken(error)) throw error;
      }
      await this.#lease.read(signal);
      const { seen, isOurs } = this.#lease;
      if (seen !== undefined && !isOurs) {
        tenure.yieldTo(seen.holder);
        return;
      }
    }
  }

  /** Gives the lease back, if nobody has taken it meanwhile, once nothing that was sent can take effect any more. */
  async #release(tenure: Tenure): Promise<void> {
    const { signal } = new AbortController();
    const { unsettledMs } = tenure;
    tenure.released();
    try {
      if (unsettledMs > 0) await this.#options.clock.sleep(unsettledMs, signal);
      for (let attempt = 0; attempt < MOST_CONFLICTS && this.#lease.isOurs; attempt += 1) {
        try {
          await this.#lease.release(signal);
          return;
        } catch (error) {
          if (!isOvertaken(error)) throw error;
        }
        await this.#lease.read(signal);
      }
    } catch (error) {
      const message = 'the lease was not given back, and others wait until it has run out';
      this.#options.logger.warn({ error }, message);
    }
  }

  /** Waits for the retry period, or for news. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { clock, random, retryPeriodMs } = this.#options;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    try {
      await clock.sleep(retryPeriodMs * (1 + JITTER * random()), woken.signal);
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #lead(leading: boolean): void {
    this.#leading = leading;
    this.#tell();
  }

  #tell(): void {
    const { leading, holder } = this;
    const now = JSON.stringify([leading, holder]);
    if (now === this.#told) return;
    this.#told = now;
    this.#options.observe?.({ leading, holder });
  }
}
