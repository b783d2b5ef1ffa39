import type { JsonObject } from '../patch/json.ts';
import { claimObjects } from './claim-objects.ts';
import {
  deploymentSets,
  newReplicaSet,
  resized,
  revisionOf,
  withRevision,
} from './deployment-sets.ts';
import { deploymentStatus } from './deployment-status.ts';
import {
  at,
  isTerminating,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  timestamp,
  uidOf,
} from './fields.ts';
import { replicasOf } from './replica-set.ts';
import { DEPLOYMENTS, objectOfKey, REPLICA_SETS } from './resources.ts';
import { rolloutStep, slackOf } from './rollout.ts';
import type { WorkloadContext } from './workload-context.ts';

const COMPONENT = 'deployment-controller';

/** Old ReplicaSets kept for a rollback when the deployment does not say how many. */
const DEFAULT_HISTORY = 10;

/** Keeps a deployment's ReplicaSets, rolls out its template and writes its status, a step at a time. */
export class DeploymentController {
  readonly #context: WorkloadContext;

  constructor(context: WorkloadContext) {
    this.#context = context;
  }

  /** Looks at one deployment, `namespace/name`; every change of its ReplicaSets has it looked at again. */
  sync(key: string): void {
    const deployment = objectOfKey(this.#context.store, DEPLOYMENTS, key);
    if (!deployment || isTerminating(deployment)) return;
    const { store, setsOf } = this.#context;
    const claimant = { object: deployment, apiVersion: 'apps/v1', kind: 'Deployment' };
    claimObjects(claimant, store.collection(REPLICA_SETS), setsOf);
    if (at(deployment, 'spec', 'paused') !== true) this.#ensureCurrent(deployment);
    this.#resize(deployment);
    this.#forgetHistory(deployment);
    this.#writeStatus(deployment);
  }

  #sets(deployment: JsonObject) {
    return deploymentSets(deployment, this.#context.setsOf.of(uidOf(deployment)).values());
  }

  /** There is a ReplicaSet for the template, and it has the highest revision. */
  #ensureCurrent(deployment: JsonObject): void {
    const { current, old } = this.#sets(deployment);
    const sets = this.#context.store.collection(REPLICA_SETS);
    const latest = Math.max(0, ...old.map(revisionOf));
    const revision = current && revisionOf(current) > latest ? revisionOf(current) : latest + 1;
    if (current) sets.update(withRevision(current, revision));
    else if (!this.#waitsForOldPods(deployment, old)) this.#create(deployment, old, revision);
    else return;
    this.#context.store
      .collection(DEPLOYMENTS)
      .modify(namespaceOf(deployment), nameOf(deployment), (now) => withRevision(now, revision));
  }

  #waitsForOldPods(deployment: JsonObject, old: readonly JsonObject[]): boolean {
    const recreate = textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';
    return (
      recreate && old.some((set) => replicasOf(set) > 0 || numberAt(set, 'status', 'replicas') > 0)
    );
  }

  #create(deployment: JsonObject, old: readonly JsonObject[], revision: number): void {
    const sets = this.#context.store.collection(REPLICA_SETS);
    const wanted = replicasOf(deployment);
    const total = old.reduce((sum, set) => sum + replicasOf(set), 0);
    const size = Math.max(0, Math.min(wanted, wanted + slackOf(deployment).surge - total));
    const set = withRevision(resized(newReplicaSet(deployment, size), size, deployment), revision);
    // A name that is taken belongs to somebody else's ReplicaSet: nothing to do until that is gone.
    if (sets.get(namespaceOf(set), nameOf(set))) return;
    sets.create(set);
    this.#tellScaling(deployment, set, 0, size);
  }

  #resize(deployment: JsonObject): void {
    const { current, old } = this.#sets(deployment);
    const paused = at(deployment, 'spec', 'paused') === true;
    const [newest, rest] = paused && !current ? [old.at(-1), old.slice(0, -1)] : [current, old];
    const sizes = paused
      ? new Map(newest ? [[uidOf(newest), replicasOf(deployment)]] : [])
      : rolloutStep(deployment, newest, rest);
    for (const set of [...rest, ...(newest ? [newest] : [])]) {
      const size = sizes.get(uidOf(set)) ?? replicasOf(set);
      this.#context.store.collection(REPLICA_SETS).update(resized(set, size, deployment));
      if (size !== replicasOf(set)) this.#tellScaling(deployment, set, replicasOf(set), size);
    }
  }

  #tellScaling(deployment: JsonObject, set: JsonObject, from: number, to: number): void {
    if (from === to) return;
    this.#context.recorder?.record(deployment, {
      reason: 'ScalingReplicaSet',
      message: `Scaled ${to > from ? 'up' : 'down'} replica set ${nameOf(set)} from ${from} to ${to}`,
      component: COMPONENT,
    });
  }

  #forgetHistory(deployment: JsonObject): void {
    const kept = at(deployment, 'spec', 'revisionHistoryLimit');
    const limit = typeof kept === 'number' ? kept : DEFAULT_HISTORY;
    const empty = this.#sets(deployment).old.filter(
      (set) =>
        replicasOf(set) === 0 && numberAt(set, 'status', 'replicas') === 0 && !isTerminating(set),
    );
    const surplus = empty.slice(0, Math.max(0, empty.length - limit));
    for (const set of surplus) {
      this.#context.store.collection(REPLICA_SETS).delete(namespaceOf(set), nameOf(set));
    }
  }

  #writeStatus(deployment: JsonObject): void {
    const { store, clock } = this.#context;
    const { current, old } = this.#sets(deployment);
    store.collection(DEPLOYMENTS).modify(namespaceOf(deployment), nameOf(deployment), (now) => ({
      ...now,
      status: deploymentStatus(now, current, old, timestamp(clock.now())),
    }));
  }
}
