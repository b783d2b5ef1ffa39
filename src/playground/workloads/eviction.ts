import type { JsonObject } from '../patch/json.ts';
import { badRequest, StatusError } from '../status-error.ts';
import type { DeleteOptions } from '../storage/deletion.ts';
import type { ObjectStore } from '../store.ts';
import { covers, disruptionAllowed } from './disruption-budget.ts';
import {
  isTerminating,
  nameOf,
  namespaceOf,
  numberAt,
  objectAt,
  textAt,
  timestamp,
} from './fields.ts';
import { isReady } from './pod-state.ts';
import { BUDGETS, PODS } from './resources.ts';

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

/** How long a client is told to wait while a budget's status is behind, seconds. */
const RETRY_SECONDS = 10;

export interface EvictionRequest {
  readonly namespace: string;
  /** As in the path. */
  readonly name: string;
  /** The body: an Eviction of policy/v1. */
  readonly eviction: JsonObject;
  /** `deleteOptions` of the body with those of the query. */
  readonly options: DeleteOptions;
}

/**
 * Evicts a pod: takes it from its disruption budget and deletes it.
 * @throws StatusError 404; 400 for another name in the body; 429 with cause `DisruptionBudget` when no
 *   disruption is allowed; 500 when more than one budget covers it; 409 for preconditions
 */
export function evictPod(
  store: ObjectStore,
  { namespace, name, eviction, options }: EvictionRequest,
): void {
  if (textAt(eviction, 'metadata', 'name') !== name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const pods = store.collection(PODS);
  const pod = pods.require(namespace, name);
  if (!needsNoBudget(pod)) takeFromBudget(store, pod, options.dryRun === true);
  pods.delete(namespace, name, options);
}

/** A pod that serves nobody, or is going anyway. */
function needsNoBudget(pod: JsonObject): boolean {
  const phase = textAt(pod, 'status', 'phase');
  return isTerminating(pod) || phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending';
}

function takeFromBudget(store: ObjectStore, pod: JsonObject, dryRun: boolean): void {
  const namespace = namespaceOf(pod);
  const [budget, ...others] = [...store.collection(BUDGETS).list({ namespace })].filter((each) =>
    covers(each, pod),
  );
  if (!budget) return;
  if (others.length > 0) {
    throw new StatusError(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  if (!isReady(pod) && mayGoUnready(budget)) return;
  requireAllowance(budget);
  if (dryRun) return;
  const now = store.clock.now();
  store.collection(BUDGETS).modify(namespace, nameOf(budget), (current) => ({
    ...current,
    status: taken(current, pod, now),
  }));
}

/** Whether a pod that is not ready may go without counting: `unhealthyPodEvictionPolicy`. */
function mayGoUnready(budget: JsonObject): boolean {
  if (textAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const desired = numberAt(budget, 'status', 'desiredHealthy');
  return desired > 0 && numberAt(budget, 'status', 'currentHealthy') >= desired;
}

function requireAllowance(budget: JsonObject): void {
  const name = nameOf(budget);
  if (
    numberAt(budget, 'status', 'observedGeneration') < numberAt(budget, 'metadata', 'generation')
  ) {
    throw refused(
      `The disruption budget ${name} is still being processed by the server.`,
      RETRY_SECONDS,
    );
  }
  if (numberAt(budget, 'status', 'disruptionsAllowed') > 0) return;
  const needs = numberAt(budget, 'status', 'desiredHealthy');
  const has = numberAt(budget, 'status', 'currentHealthy');
  throw refused(
    `The disruption budget ${name} needs ${needs} healthy pods and has ${has} currently`,
  );
}

function refused(message: string, retryAfterSeconds?: number): StatusError {
  return new StatusError(429, 'TooManyRequests', REFUSED, {
    details: {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  });
}

function taken(budget: JsonObject, pod: JsonObject, now: number): JsonObject {
  const status = objectAt(budget, 'status');
  const disruptionsAllowed = numberAt(status, 'disruptionsAllowed') - 1;
  return {
    ...status,
    conditions: disruptionAllowed(
      budget,
      disruptionsAllowed,
      numberAt(budget, 'metadata', 'generation'),
      now,
    ),
    disruptionsAllowed,
    disruptedPods: { ...objectAt(status, 'disruptedPods'), [nameOf(pod)]: timestamp(now) },
  };
}
