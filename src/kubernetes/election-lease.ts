import type { Clock } from '../runtime/clock.ts';
import { ChaosError, describeError, type ErrorCode } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { isApiError, KubernetesApiError, type KubernetesClient } from './client.ts';
import { LeaseCalls, type LeaseChange } from './lease-calls.ts';
import { acquisition, type LeaseTerms, release, renewal } from './lease-record.ts';
import { LeaseSight } from './lease-sight.ts';
import type { OwnerReference } from './owner-reference.ts';
import type { Lease } from './resources/leases.ts';

export interface ElectionLeaseOptions {
  readonly client: Pick<KubernetesClient, 'call'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the Lease. */
  readonly namespace: string;
  readonly name: string;
  /** Of this process alone. */
  readonly identity: string;
  /** For how long others wait for a leader that they do not hear of, ms. */
  readonly durationMs: number;
  /** How long one call may take, ms. */
  readonly callDeadlineMs: number;
  /** Whom the Lease goes with. */
  readonly ownerReference?: OwnerReference | (() => OwnerReference | undefined) | undefined;
  /** Written with each renewal. */
  readonly annotations?: (() => Readonly<Record<string, string>>) | undefined;
  /** Told of whatever is read or written. */
  readonly onSeen: () => void;
}

const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ERR_KUBERNETES_TRANSPORT',
  'ERR_KUBERNETES_DEADLINE',
]);

/** The Lease of an election, as one candidate sees and writes it. Each write is of the version last seen. */
export class ElectionLease {
  readonly #options: ElectionLeaseOptions;
  readonly #calls: LeaseCalls;
  readonly #sight: LeaseSight;
  /** Why the last call failed; undefined: it did not. */
  #failure: unknown;

  constructor(options: ElectionLeaseOptions) {
    this.#options = options;
    this.#calls = new LeaseCalls({ ...options, deadlineMs: options.callDeadlineMs });
    this.#sight = new LeaseSight(options.clock, options.durationMs);
  }

  /** As last seen; undefined: there is none, or it has not been seen yet. */
  get seen(): Lease | undefined {
    return this.#sight.lease;
  }

  get isOurs(): boolean {
    return this.seen?.holder === this.#options.identity;
  }

  /** Whether we may take it: it is free, or was not renewed for its duration. */
  get isFree(): boolean {
    return this.#sight.takenForMs(this.#options.identity) <= 0;
  }

  /** How far our clock is ahead of the clock of whoever wrote it last, ms; 0 when nobody knows. */
  get clockLeadMs(): number {
    return this.#sight.clockLeadMs;
  }

  /** What somebody has to mend: rights, a namespace. An API server that is away comes back by itself. */
  get problem(): string | undefined {
    return isPassing(this.#failure) ? undefined : describeError(this.#failure);
  }

  /** Takes note of how it is now; undefined: there is none. */
  see(lease: Lease | undefined): void {
    this.#sight.see(lease);
    this.#options.onSeen();
  }

  async read(signal: AbortSignal): Promise<void> {
    this.see(await this.#calls.read(signal));
    this.#mended();
  }

  /** Takes it. @returns as `renew`. @throws as `renew` */
  acquire(signal: AbortSignal): Promise<number> {
    return this.#write(acquisition(this.seen, this.#terms()), signal);
  }

  /**
   * Renews it; makes it anew where it was deleted.
   * @returns the instant before the request was sent, by the monotonic clock
   * @throws whatever `isOvertaken` says when it is no longer as last seen
   */
  renew(signal: AbortSignal): Promise<number> {
    if (this.seen === undefined) return this.acquire(signal);
    return this.#write(renewal(this.seen, this.#terms()), signal);
  }

  /** Gives it back. @throws as `renew` */
  async release(signal: AbortSignal): Promise<void> {
    await this.#write(release(this.#options.clock.now()), signal);
  }

  /** Remembers why a call failed, and logs it once. */
  failed(error: unknown): void {
    const isKnown =
      this.#failure !== undefined && describeError(error) === describeError(this.#failure);
    if (!isKnown) this.#options.logger.warn({ error }, 'the Lease cannot be had');
    this.#failure = error;
  }

  async #write(change: LeaseChange, signal: AbortSignal): Promise<number> {
    const { clock } = this.#options;
    let sentAt = clock.monotonic();
    const beforeSend = () => {
      sentAt = clock.monotonic();
    };
    const { seen } = this;
    const written =
      seen === undefined
        ? await this.#calls.create(change, beforeSend, signal)
        : await this.#calls.change(seen, change, beforeSend, signal);
    this.see(written);
    this.#mended();
    return sentAt;
  }

  #terms(): LeaseTerms {
    const { identity, durationMs, clock, annotations, ownerReference } = this.#options;
    const owner = typeof ownerReference === 'function' ? ownerReference() : ownerReference;
    return { identity, durationMs, now: clock.now(), annotations: annotations?.() ?? {}, owner };
  }

  #mended(): void {
    if (this.#failure !== undefined) this.#options.logger.info({}, 'the Lease can be had again');
    this.#failure = undefined;
  }
}

function isPassing(failure: unknown): boolean {
  if (failure instanceof KubernetesApiError) {
    const { code } = failure.status;
    return code >= 500 || code === 429;
  }
  return failure === undefined || (failure instanceof ChaosError && PASSING.has(failure.code));
}

/** Whether the Lease was changed, made or deleted by somebody else since it was last seen. */
export function isOvertaken(error: unknown): boolean {
  return isApiError(error, 409) || isApiError(error, 404);
}
