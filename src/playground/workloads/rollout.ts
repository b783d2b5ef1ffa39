import type { Json, JsonObject } from '../patch/json.ts';
import { at, numberAt, textAt, uidOf } from './fields.ts';
import { replicasOf } from './replica-set.ts';

/** How many pods a rolling update may have too many, and how many may be missing. */
export interface Slack {
  readonly surge: number;
  readonly unavailable: number;
}

export function slackOf(deployment: JsonObject): Slack {
  const replicas = replicasOf(deployment);
  const rolling = at(deployment, 'spec', 'strategy', 'rollingUpdate');
  if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate')
    return { surge: 0, unavailable: replicas };
  const surge = scaled(at(rolling, 'maxSurge') ?? '25%', replicas, Math.ceil);
  const unavailable = scaled(at(rolling, 'maxUnavailable') ?? '25%', replicas, Math.floor);
  if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 };
  return { surge, unavailable: Math.min(unavailable, replicas) };
}

/** A number, or a percentage of the replicas. */
export function scaled(value: Json, replicas: number, round: (exact: number) => number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? round((Number.parseInt(value, 10) * replicas) / 100) : 0;
}

/** The next sizes of a deployment's ReplicaSets, by UID; only those that change. */
export type Sizes = ReadonlyMap<string, number>;

/**
 * One step of a rollout: the current ReplicaSet up as far as the surge allows, the old ones down as far
 * as enough pods stay available. Called again after each change it ends with all pods in `current`.
 * @param old oldest first
 */
export function rolloutStep(
  deployment: JsonObject,
  current: JsonObject | undefined,
  old: readonly JsonObject[],
): Sizes {
  const recreate = textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';
  if (!current) return recreate ? stop(old) : new Map();
  const total = [current, ...old].reduce((sum, set) => sum + replicasOf(set), 0);
  if (recreate && old.some((set) => numberAt(set, 'status', 'replicas') > 0 || replicasOf(set) > 0))
    return stop(old);
  const { surge } = slackOf(deployment);
  const wanted = replicasOf(deployment);
  const size = replicasOf(current);
  const next = Math.min(wanted, size + Math.max(0, wanted + surge - total));
  if (next !== size) return new Map([[uidOf(current), next]]);
  return shrink(deployment, current, old);
}

function stop(sets: readonly JsonObject[]): Sizes {
  return new Map(sets.filter((set) => replicasOf(set) > 0).map((set) => [uidOf(set), 0]));
}

/** Old pods go: first those that are not available anyway, then as many as the others make up for. */
function shrink(deployment: JsonObject, current: JsonObject, old: readonly JsonObject[]): Sizes {
  const least = replicasOf(deployment) - slackOf(deployment).unavailable;
  const available = (set: JsonObject) => numberAt(set, 'status', 'availableReplicas');
  const total = [current, ...old].reduce((sum, set) => sum + replicasOf(set), 0);
  const missing = replicasOf(current) - available(current);
  let unhealthy = total - least - missing;
  let spare = [current, ...old].reduce((sum, set) => sum + available(set), 0) - least;
  const sizes = new Map<string, number>();
  for (const set of old) {
    const size = replicasOf(set);
    const broken = Math.max(0, Math.min(size - available(set), unhealthy));
    const healthy = Math.max(0, Math.min(size - broken, available(set), spare, unhealthy - broken));
    unhealthy -= broken + healthy;
    spare -= healthy;
    if (broken + healthy > 0) sizes.set(uidOf(set), size - broken - healthy);
  }
  return sizes;
}
