import type { Json, JsonObject } from '../patch/json.ts';
import { listAt, merged, nameOf, numberAt, objectAt, textAt } from './fields.ts';
import { withCondition } from './pod-state.ts';
import { replicasOf } from './replica-set.ts';
import { slackOf } from './rollout.ts';

/**
 * The status of a deployment with these ReplicaSets, as `kubectl rollout status`, `wait` and `describe`
 * read it.
 * @param time RFC 3339
 */
export function deploymentStatus(
  deployment: JsonObject,
  current: JsonObject | undefined,
  old: readonly JsonObject[],
  time: string,
): JsonObject {
  const sets = current ? [current, ...old] : old;
  const sum = (field: string) =>
    sets.reduce((total, set) => total + numberAt(set, 'status', field), 0);
  const available = sum('availableReplicas');
  const updated = current ? numberAt(current, 'status', 'replicas') : 0;
  const wantedTotal = sets.reduce((total, set) => total + replicasOf(set), 0);
  const counts = { updated, available, replicas: sum('replicas') };
  return merged(objectAt(deployment, 'status'), {
    observedGeneration: numberAt(deployment, 'metadata', 'generation'),
    replicas: counts.replicas || undefined,
    updatedReplicas: updated || undefined,
    readyReplicas: sum('readyReplicas') || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, wantedTotal - available) || undefined,
    conditions: conditions(deployment, current, counts, time),
  });
}

interface Counts {
  readonly updated: number;
  readonly available: number;
  readonly replicas: number;
}

function conditions(
  deployment: JsonObject,
  current: JsonObject | undefined,
  counts: Counts,
  time: string,
): readonly Json[] {
  const enough = counts.available >= replicasOf(deployment) - slackOf(deployment).unavailable;
  const before = listAt(deployment, 'status', 'conditions');
  const availability = timed(
    before,
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
    },
    time,
  );
  if (!current) return withCondition(before, availability, time);
  return withCondition(
    withCondition(before, availability, time),
    timed(before, progress(deployment, current, counts), time),
    time,
  );
}

function progress(
  deployment: JsonObject,
  current: JsonObject,
  { updated, available, replicas }: Counts,
) {
  const wanted = replicasOf(deployment);
  const complete = updated === wanted && available === wanted && replicas === wanted;
  const name = `ReplicaSet "${nameOf(current)}"`;
  return complete
    ? {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `${name} has successfully progressed.`,
      }
    : {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `${name} is progressing.`,
      };
}

/** A condition's lastUpdateTime moves when its reason does. */
function timed<T extends { readonly type: string; readonly reason: string }>(
  before: readonly Json[],
  condition: T,
  time: string,
) {
  const old = before.find((other) => textAt(other, 'type') === condition.type);
  const same =
    textAt(old, 'reason') === condition.reason &&
    textAt(old, 'status') === textAt(condition, 'status');
  return { ...condition, lastUpdateTime: same ? textAt(old, 'lastUpdateTime') : time };
}
