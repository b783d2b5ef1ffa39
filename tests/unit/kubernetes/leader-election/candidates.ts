import {
  LeaderElection,
  type LeaderElectionOptions,
  type Leadership,
} from '../../../../src/kubernetes/leader-election.ts';
import { aborted } from '../../../../src/runtime/abort.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { createLogger } from '../../../../src/runtime/logger.ts';
import { Capture } from '../../../fakes/capture.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';
import { LeaseServer } from '../../../fakes/lease-server.ts';

export const DURATION_MS = 15_000;
export const RENEW_DEADLINE_MS = 10_000;
export const RETRY_MS = 2_000;

export interface CandidateShape extends Partial<LeaderElectionOptions> {
  /** What is done once the leadership's signal has aborted, or instead of waiting for that. */
  readonly lead?: (leadership: Leadership) => Promise<void>;
}

/** One replica that would lead. */
export class Candidate {
  readonly identity: string;
  readonly election: LeaderElection;
  /** While it leads, and after. */
  leadership: Leadership | undefined;
  readonly changes: string[] = [];
  readonly #log = new Capture();
  readonly #stop = new AbortController();
  readonly ended: Promise<void>;

  constructor(server: LeaseServer, clock: Clock, identity: string, shape: CandidateShape) {
    this.identity = identity;
    const { lead = ({ signal }) => aborted(signal), ...options } = shape;
    this.election = new LeaderElection({
      client: server.client(identity),
      clock,
      random: () => 0.5,
      logger: createLogger({ output: this.#log, level: 'debug', format: 'json' }),
      namespace: 'home',
      name: 'monkey',
      identity,
      durationMs: DURATION_MS,
      renewDeadlineMs: RENEW_DEADLINE_MS,
      retryPeriodMs: RETRY_MS,
      observe: ({ leading, holder }) =>
        this.changes.push(`${leading ? 'leads' : 'follows'} ${holder ?? 'nobody'}`),
      ...options,
    });
    this.ended = this.election.run(async (leadership) => {
      this.leadership = leadership;
      await lead(leadership);
    }, this.#stop.signal);
    this.ended.catch(() => {});
  }

  get leading(): boolean {
    return this.election.leading;
  }

  /** How long the lease is surely its own, ms. */
  get remainingMs(): number {
    return this.leadership?.remainingMs() ?? 0;
  }

  /** Whether what it leads has been told to end. */
  get toldToEnd(): boolean {
    return this.leadership?.signal.aborted ?? false;
  }

  get log(): readonly string[] {
    return this.#log.lines.map((line) => {
      const { level, msg } = JSON.parse(line);
      return `${level}: ${msg}`;
    });
  }

  stop(): void {
    this.#stop.abort();
  }
}

/** A Lease and those who would have it, under one clock. */
export class Contest implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly server = new LeaseServer(this.clock);
  readonly #candidates: Candidate[] = [];

  /** Lets one more run; returns when it has done what it can without time passing. */
  async enter(identity: string, shape: CandidateShape = {}): Promise<Candidate> {
    const candidate = new Candidate(this.server, shape.clock ?? this.clock, identity, shape);
    this.#candidates.push(candidate);
    await settle();
    return candidate;
  }

  /** Who acts, by what each believes of itself at this instant. */
  get leaders(): string[] {
    return this.#candidates
      .filter(({ leadership }) => leadership && !leadership.signal.aborted)
      .map(({ identity }) => identity);
  }

  /** Stops everybody and shows that nothing of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { identity } of this.#candidates) this.server.fail(identity, 'all', undefined);
    for (const candidate of this.#candidates) candidate.stop();
    await this.clock.advance(60_000);
    for (const { ended } of this.#candidates) await ended.catch(() => {});
    const { watchers } = this.server;
    if (watchers.length > 0) throw new Error(`${watchers} still watch`);
    if (this.clock.sleeping > 0) throw new Error(`${this.clock.sleeping} are still asleep`);
  }
}
