import {
  boundVictims,
  type ConfigurationStatus,
  type LastOutcome,
  timestamp,
} from '../configuration/status.ts';
import type { Acted, Failure, Skip } from './tick.ts';

/** What a tick writes before it acts. Instants are milliseconds since the epoch. */
export interface Claim {
  readonly number: number;
  /** The claim is lost when the spec has moved on from this generation. */
  readonly generation: number;
  readonly lastExecution: number;
  readonly nextExecution: number;
  /** What is known already: a skip, or a failure to look. */
  readonly outcome: Skip | Failure | undefined;
}

/** A claim that an earlier life left without an outcome: whether it acted, nobody knows; it is not repeated. */
export function withoutOpenClaim(status: ConfigurationStatus): ConfigurationStatus {
  const { ticks, lastOutcome, lastExecution: time } = status;
  if (ticks === 0 || time === undefined || (lastOutcome?.tick ?? 0) >= ticks) return status;
  const message = `the controller ended during tick ${ticks}: whether it acted is not known, and it is not repeated`;
  return {
    ...status,
    lastOutcome: { result: 'Unknown', reason: 'Interrupted', message, time, tick: ticks },
  };
}

/** Takes over what somebody else, or a claim whose answer we did not wait for, has counted. */
export function withTicksOf(
  ours: ConfigurationStatus,
  theirs: ConfigurationStatus,
): ConfigurationStatus {
  const { ticks, lastExecution, nextExecution, lastOutcome, lastVictims } = theirs;
  const seed = ours.seed ?? theirs.seed;
  const isPromising = ours.nextExecution !== undefined && nextExecution !== undefined;
  return {
    ...ours,
    ticks,
    ...(seed !== undefined && { seed }),
    ...(lastExecution !== undefined && { lastExecution }),
    ...(isPromising && { nextExecution }),
    ...(lastOutcome !== undefined && { lastOutcome }),
    ...(lastVictims !== undefined && { lastVictims }),
  };
}

/** Without what is to come: the next execution, and the replicas that will be put back. */
export function withoutPromises({
  nextExecution: _next,
  originalReplicas: _original,
  ...status
}: ConfigurationStatus): ConfigurationStatus {
  return status;
}

export function withClaim(
  status: ConfigurationStatus,
  claim: Claim,
  now: number,
): ConfigurationStatus {
  const claimed = {
    ...status,
    ticks: claim.number,
    lastExecution: timestamp(claim.lastExecution),
    nextExecution: timestamp(claim.nextExecution),
  };
  return claim.outcome === undefined
    ? claimed
    : withOutcome(claimed, claim.number, claim.outcome, now);
}

export function withOutcome(
  status: ConfigurationStatus,
  tick: number,
  outcome: Acted | Skip | Failure,
  now: number,
): ConfigurationStatus {
  const lastOutcome = describe(tick, outcome, now);
  if (outcome.kind !== 'acted') return { ...status, lastOutcome };
  const { victims, originalReplicas } = outcome;
  const lastVictims = boundVictims(victims);
  return {
    ...status,
    lastOutcome,
    lastVictims,
    ...(originalReplicas !== undefined && { originalReplicas }),
  };
}

function describe(tick: number, outcome: Acted | Skip | Failure, now: number): LastOutcome {
  const { message } = outcome;
  const time = timestamp(now);
  switch (outcome.kind) {
    case 'acted':
      return { result: 'Acted', reason: 'Acted', message, time, tick };
    case 'skip':
      return { result: 'Skipped', reason: outcome.reason, message, time, tick };
    case 'failed':
      return { result: 'Failed', reason: outcome.reason, message, time, tick };
  }
}
