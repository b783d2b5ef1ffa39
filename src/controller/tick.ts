import type { FailureReason, SkipReason, Victim } from '../configuration/status.ts';
import { isApiError, KubernetesApiError } from '../kubernetes/client.ts';
import type { Clock } from '../runtime/clock.ts';
import { ChaosError, describeError } from '../runtime/errors.ts';
import { type Random, randomStream } from '../runtime/random.ts';
import type { ConfigurationRecord } from './configuration-record.ts';

/** Why nothing was done on an occasion. */
export interface Skip {
  readonly kind: 'skip';
  readonly reason: SkipReason;
  /** For people: what was found, and what was needed. */
  readonly message: string;
}

/** Something to do, decided but not done. */
export interface Act {
  readonly kind: 'act';
  /** Does it, once. Rejects when it failed or nobody knows; a target that has gone meanwhile is a skip. */
  perform(): Promise<Acted | Skip>;
}

/** What was done. */
export interface Acted {
  readonly kind: 'acted';
  readonly message: string;
  readonly victims: readonly Victim[];
  /** With `randomScale`: what will be put back. */
  readonly originalReplicas?: number;
}

export interface Occasion {
  /** The number of this tick in the configuration's life, from 1. */
  readonly number: number;
  readonly random: Random;
}

/** One way to disturb a deployment: looks at the world, then chooses and guards by pure functions. */
export interface Mode {
  decide(occasion: Occasion, signal: AbortSignal): Promise<Act | Skip>;
}

export interface Failure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  readonly message: string;
}

/** What became of an occasion; `unclaimed` when somebody else has it or the world has moved on. */
export type TickResult =
  | { readonly kind: 'unclaimed'; readonly message: string }
  | ((Acted | Skip | Failure) & {
      readonly number: number;
      /** When the next occasion is, by the monotonic clock: what the status says, to the millisecond. */
      readonly nextDue: number;
    });

export interface TickOptions {
  readonly record: ConfigurationRecord;
  /** The spec's generation that this watcher works for. */
  readonly generation: number;
  readonly mode: Mode;
  readonly clock: Clock;
  /** Aborts when this process stops and another goes on. */
  readonly ending: AbortSignal;
  /** From this occasion to the next, ms, given whether this one has failed already. */
  readonly delayMs: (failed: boolean) => number;
}

/**
 * One occasion: choose → guard → claim → act → record.
 *
 * The claim is a status patch that carries the resourceVersion and advances `ticks`, so an occasion is
 * acted on at most once, whoever crashes: no claim, no act. What is known before the claim (a skip, a
 * failure to look) is written with it; the outcome of an act is a second patch.
 *
 * @throws when the claim itself could not be written: nothing was done, and nothing is known to be counted
 */
export async function tick(options: TickOptions, signal: AbortSignal): Promise<TickResult> {
  const { record, generation, mode, clock, ending } = options;
  const number = record.status.ticks + 1;
  const random = randomStream(record.seed, record.namespace, record.name, number);
  const decision = await mode.decide({ number, random }, signal).catch((error) => failure(error));
  signal.throwIfAborted();

  const now = clock.now();
  const outcome = decision.kind === 'act' ? undefined : decision;
  const delayMs = options.delayMs(outcome?.kind === 'failed');
  const nextDue = clock.monotonic() + delayMs;
  const claim = {
    number,
    generation,
    lastExecution: now,
    nextExecution: now + delayMs,
    outcome,
  };
  const lost = await record.claim(claim, signal);
  if (lost !== undefined) return { kind: 'unclaimed', message: lost };
  if (decision.kind !== 'act') return { ...decision, number, nextDue };
  const result = signal.aborted
    ? STOPPED
    : await decision.perform().catch((error) => failure(error));
  // From the end of the act, so that two acts are never closer than the timeout, however slow a claim was.
  const restMs = options.delayMs(result.kind === 'failed');
  // Whoever goes on has to know when it ended; where the configuration has stopped there is no next time.
  const goesOn = !signal.aborted || ending.aborted;
  record.conclude(number, result, goesOn ? clock.now() + restMs : undefined);
  return { ...result, number, nextDue: clock.monotonic() + restMs };
}

const STOPPED: Skip = {
  kind: 'skip',
  reason: 'Stopped',
  message: 'the configuration was stopped between the claim and the act: nothing was done',
};

function failure(error: unknown): Failure {
  return { kind: 'failed', reason: failureReason(error), message: describeError(error) };
}

function failureReason(error: unknown): FailureReason {
  if (isApiError(error, 403)) return 'Forbidden';
  if (error instanceof KubernetesApiError) return 'Refused';
  return error instanceof ChaosError ? 'Unreachable' : 'InternalError';
}
