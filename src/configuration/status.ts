import type { ConditionReason, ConditionType } from './reasons.ts';
import type {
  Condition,
  ConditionStatus,
  LastOutcome,
  V1Status,
  Victim,
} from './schema/v1-status.ts';

export { parseStatus } from './parse-status.ts';
export type { ConditionReason, ConditionType, FailureReason, SkipReason } from './reasons.ts';
export { CONDITION_REASONS, CONDITION_TYPES, FAILURE_REASONS, SKIP_REASONS } from './reasons.ts';
export { statusPatch } from './status-patch.ts';
export type { Condition, ConditionStatus, LastOutcome, Victim };

/** The status of a configuration in memory. Instants are RFC 3339 with milliseconds, in UTC. */
export interface ConfigurationStatus extends V1Status {
  /** One of each type, in the order they were first set. */
  readonly conditions: readonly Condition[];
  /** 0 before the first occasion. */
  readonly ticks: number;
}

/** A condition before it is set: when it changed comes from what was there. */
export type NewCondition = {
  readonly [T in ConditionType]: {
    readonly type: T;
    readonly status: ConditionStatus;
    readonly reason: ConditionReason<T>;
    readonly message: string;
  };
}[ConditionType];

/** How many victims a status shows. */
export const MOST_VICTIMS = 10;

/** RFC 3339 with milliseconds. @param instant milliseconds since the epoch */
export function timestamp(instant: number): string {
  return new Date(instant).toISOString();
}

/**
 * Sets one condition, in place of the one of its type. Its `lastTransitionTime` is `now` when its status
 * differs from before, else what it was.
 *
 * @param generation the metadata.generation it was computed from
 * @param now milliseconds since the epoch
 */
export function setCondition(
  status: ConfigurationStatus,
  condition: NewCondition,
  generation: number,
  now: number,
): ConfigurationStatus {
  const before = findCondition(status, condition.type);
  const lastTransitionTime =
    before?.status === condition.status ? before.lastTransitionTime : timestamp(now);
  const after: Condition = { ...condition, lastTransitionTime, observedGeneration: generation };
  const conditions =
    before === undefined
      ? [...status.conditions, after]
      : status.conditions.map((other) => (other === before ? after : other));
  return { ...status, conditions };
}

export function findCondition(
  { conditions }: ConfigurationStatus,
  type: ConditionType,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** The victims as a status shows them: the first {@link MOST_VICTIMS}. */
export function boundVictims(victims: readonly Victim[]): readonly Victim[] {
  return victims.slice(0, MOST_VICTIMS);
}
