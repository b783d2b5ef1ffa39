import { equalJson, type JsonObject } from '../patch/json.ts';
import { claimObjects } from './claim-objects.ts';
import { nameOf, namespaceOf, uidOf } from './fields.ts';
import { podOf, replicaSetStatus, scaling } from './replica-set.ts';
import { objectOfKey, PODS, REPLICA_SETS } from './resources.ts';
import type { WorkloadContext } from './workload-context.ts';

/** Pods created or deleted for one ReplicaSet before others get their turn. */
const BURST = 500;

const COMPONENT = 'replicaset-controller';

/** Keeps as many pods as a ReplicaSet wants, and its status. */
export class ReplicaSetController {
  readonly #context: WorkloadContext;
  readonly #again: (key: string) => void;

  /** @param again queues a ReplicaSet that is not done yet */
  constructor(context: WorkloadContext, again: (key: string) => void) {
    this.#context = context;
    this.#again = again;
  }

  /** Looks at one ReplicaSet, `namespace/name`. */
  sync(key: string): void {
    const { store, podsOf } = this.#context;
    const set = objectOfKey(store, REPLICA_SETS, key);
    if (!set) return;
    claimObjects(
      { object: set, apiVersion: 'apps/v1', kind: 'ReplicaSet' },
      store.collection(PODS),
      podsOf,
    );
    const { create, remove } = scaling(set, podsOf.of(uidOf(set)).values());
    for (let left = Math.min(create, BURST); left > 0; left--) this.#createPod(set);
    for (const pod of remove.slice(0, BURST)) this.#deletePod(set, pod);
    if (create > BURST || remove.length > BURST) this.#again(key);
    const status = replicaSetStatus(set, podsOf.of(uidOf(set)).values());
    if (equalJson(set.status, status)) return;
    store
      .collection(REPLICA_SETS)
      .modify(namespaceOf(set), nameOf(set), (now) => ({ ...now, status }));
  }

  #createPod(set: JsonObject): void {
    const { store, random, recorder } = this.#context;
    const pods = store.collection(PODS);
    let pod = podOf(set, random);
    while (pods.get(namespaceOf(pod), nameOf(pod))) pod = podOf(set, random);
    pods.create(pod);
    recorder?.record(set, {
      reason: 'SuccessfulCreate',
      message: `Created pod: ${nameOf(pod)}`,
      component: COMPONENT,
    });
  }

  #deletePod(set: JsonObject, pod: JsonObject): void {
    const { store, recorder } = this.#context;
    store.collection(PODS).delete(namespaceOf(pod), nameOf(pod));
    recorder?.record(set, {
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      component: COMPONENT,
    });
  }
}
