import type { JsonObject } from '../patch/json.ts';
import { budgetStatus, covers } from './disruption-budget.ts';
import { controllerOf, nameOf, namespaceOf, textAt, uidOf } from './fields.ts';
import { replicasOf } from './replica-set.ts';
import { BUDGETS, objectOfKey, PODS, REPLICA_SETS } from './resources.ts';
import type { WorkloadContext } from './workload-context.ts';

/** Keeps the status of PodDisruptionBudgets. */
export class BudgetController {
  readonly #context: WorkloadContext;

  constructor(context: WorkloadContext) {
    this.#context = context;
  }

  /** The budgets a pod counts for, as `namespace/name`. Costs nothing in a namespace without budgets. */
  *budgetsOf(pod: JsonObject): Iterable<string> {
    const namespace = namespaceOf(pod);
    for (const budget of this.#context.store.collection(BUDGETS).list({ namespace })) {
      if (covers(budget, pod)) yield `${namespace}/${nameOf(budget)}`;
    }
  }

  /** Looks at one budget, `namespace/name`. */
  sync(key: string): void {
    const { store, clock } = this.#context;
    const budget = objectOfKey(store, BUDGETS, key);
    if (!budget) return;
    const namespace = namespaceOf(budget);
    const pods = [...store.collection(PODS).list({ namespace })].filter((pod) =>
      covers(budget, pod),
    );
    const status = budgetStatus({
      budget,
      pods,
      wanted: this.#wanted(namespace, pods),
      now: clock.now(),
    });
    store.collection(BUDGETS).modify(namespace, nameOf(budget), (now) => ({ ...now, status }));
  }

  /** The sizes of the ReplicaSets the pods belong to; a pod of its own wants one. */
  #wanted(namespace: string, pods: readonly JsonObject[]): number {
    const sets = new Map<string, JsonObject>();
    let alone = 0;
    for (const pod of pods) {
      const name = textAt(controllerOf(pod), 'name');
      const set = this.#context.store.collection(REPLICA_SETS).get(namespace, name);
      if (set) sets.set(uidOf(set), set);
      else alone++;
    }
    return [...sets.values()].reduce((sum, set) => sum + replicasOf(set), alone);
  }
}
