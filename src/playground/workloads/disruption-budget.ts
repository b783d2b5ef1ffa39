import type { Json, JsonObject } from '../patch/json.ts';
import {
  at,
  isTerminating,
  listAt,
  merged,
  nameOf,
  numberAt,
  objectAt,
  timestamp,
} from './fields.ts';
import { matchesSelector } from './label-selector.ts';
import { isReady, withCondition } from './pod-state.ts';
import { scaled } from './rollout.ts';

/** How long a pod whose eviction was allowed counts as gone although it is still there, ms. */
const EVICTION_TIMEOUT_MS = 120_000;

/** Whether a budget is about a pod; one without a selector is about none. */
export function covers(budget: JsonObject, pod: JsonObject): boolean {
  const selector = at(budget, 'spec', 'selector');
  return (
    selector !== undefined &&
    selector !== null &&
    matchesSelector(objectAt(budget, 'spec', 'selector'), objectAt(pod, 'metadata', 'labels'))
  );
}

export interface BudgetInput {
  readonly budget: JsonObject;
  /** The pods it covers. */
  readonly pods: readonly JsonObject[];
  /** How many pods their controllers want, together. */
  readonly wanted: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The status of a PodDisruptionBudget: what is needed, what there is, how many may go. */
export function budgetStatus({ budget, pods, wanted, now }: BudgetInput): JsonObject {
  const { expected, desired } = need(budget, pods.length, wanted);
  const disrupted = stillDisrupted(budget, pods, now);
  const healthy = pods.filter(
    (pod) => isReady(pod) && !isTerminating(pod) && !Object.hasOwn(disrupted, nameOf(pod)),
  );
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy.length - desired);
  const generation = numberAt(budget, 'metadata', 'generation');
  return merged(objectAt(budget, 'status'), {
    conditions: disruptionAllowed(budget, allowed, generation, now),
    currentHealthy: healthy.length,
    desiredHealthy: desired,
    disruptedPods: Object.keys(disrupted).length > 0 ? disrupted : undefined,
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: generation,
  });
}

/** The condition `DisruptionAllowed`, in its place among the others. */
export function disruptionAllowed(
  budget: JsonObject,
  allowed: number,
  generation: number,
  now: number,
): readonly Json[] {
  const [status, reason] = allowed > 0 ? ['True', 'SufficientPods'] : ['False', 'InsufficientPods'];
  const condition = {
    type: 'DisruptionAllowed',
    status,
    reason,
    message: '',
    observedGeneration: generation,
  };
  return withCondition(listAt(budget, 'status', 'conditions'), condition, timestamp(now));
}

function need(
  budget: JsonObject,
  pods: number,
  wanted: number,
): { readonly expected: number; readonly desired: number } {
  const unavailable = at(budget, 'spec', 'maxUnavailable');
  if (unavailable !== undefined) {
    return {
      expected: wanted,
      desired: Math.max(0, wanted - scaled(unavailable, wanted, Math.ceil)),
    };
  }
  const available = at(budget, 'spec', 'minAvailable') ?? 1;
  if (typeof available === 'number') return { expected: pods, desired: available };
  return { expected: wanted, desired: scaled(available, wanted, Math.ceil) };
}

function stillDisrupted(budget: JsonObject, pods: readonly JsonObject[], now: number): JsonObject {
  const there = new Map(pods.map((pod) => [nameOf(pod), pod]));
  const entries = Object.entries(objectAt(budget, 'status', 'disruptedPods')).filter(
    ([name, since]) => {
      const pod = there.get(name);
      return pod && !isTerminating(pod) && Date.parse(String(since)) + EVICTION_TIMEOUT_MS > now;
    },
  );
  return Object.fromEntries(entries);
}
