import type { Clock } from '../../runtime/clock.ts';
import { randomStream } from '../../runtime/random.ts';
import type { JsonObject } from '../patch/json.ts';
import { qualified } from '../status-error.ts';
import type { Change } from '../storage/change-log.ts';
import type { Collection } from '../storage/collection.ts';
import type { ObjectStore } from '../store.ts';
import { BudgetController } from './budget-controller.ts';
import { DeploymentController } from './deployment-controller.ts';
import { EventRecorder } from './event-recorder.ts';
import { controllerOf, isTerminating, nameOf, namespaceOf, objectAt, textAt } from './fields.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { Kubelet } from './kubelet.ts';
import { matchesSelector } from './label-selector.ts';
import { NamespaceController } from './namespace-controller.ts';
import { OwnerIndex } from './owner-index.ts';
import { ReplicaSetController } from './replica-set-controller.ts';
import { BUDGETS, DEPLOYMENTS, keyOf, NAMESPACES, NODES, PODS, REPLICA_SETS } from './resources.ts';
import { WorkQueue } from './work-queue.ts';
import type { PodTiming, WorkloadContext } from './workload-context.ts';

export interface WorkloadsOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Names of pods belong to it. */
  readonly seed: string;
  /** How long each pod takes. Default: 300 ms to start, 400 ms more to be ready, 600 ms to stop. */
  readonly timing?: PodTiming | ((pod: JsonObject) => PodTiming);
  /** Whether controllers leave Events. Default true. */
  readonly events?: boolean;
}

/** A change, or an object found at the start. */
type Seen = Omit<Change, 'revision' | 'previous'> & { readonly previous?: JsonObject | undefined };

const DEFAULT_TIMING: PodTiming = { startMs: 300, readyMs: 400, stopMs: 600 };

/**
 * What makes an API server a cluster: deployments, ReplicaSets, pods, disruption budgets, the garbage
 * collector and the end of namespaces. Everything reacts to changes of the store; at rest it costs nothing.
 */
export class Workloads {
  readonly #store: ObjectStore;
  readonly #queue: WorkQueue;
  readonly #context: WorkloadContext;
  readonly #kubelet: Kubelet;
  readonly #budgets: BudgetController;
  readonly #garbage: GarbageCollector;
  /** What is done about a key of the queue, by its first word. */
  readonly #handlers: Readonly<Record<string, (key: string) => void>>;

  constructor({ store, clock, seed, timing = DEFAULT_TIMING, events = true }: WorkloadsOptions) {
    const context: WorkloadContext = {
      store,
      clock,
      random: randomStream('workloads', seed),
      recorder: events ? new EventRecorder(store, clock) : undefined,
      podsOf: new OwnerIndex(),
      setsOf: new OwnerIndex(),
      timing: typeof timing === 'function' ? timing : () => timing,
    };
    this.#store = store;
    this.#context = context;
    this.#queue = new WorkQueue((work) => this.#sync(work));
    this.#kubelet = new Kubelet(context);
    this.#budgets = new BudgetController(context);
    this.#garbage = new GarbageCollector(store, (uid) => this.#queue.add(`garbage ${uid}`));
    const deployments = new DeploymentController(context);
    const sets = new ReplicaSetController(context, (key) => this.#queue.add(`set ${key}`));
    const namespaces = new NamespaceController(store);
    this.#handlers = {
      deployment: (key) => deployments.sync(key),
      set: (key) => sets.sync(key),
      pod: (key) => this.#kubelet.sync(key),
      budget: (key) => this.#budgets.sync(key),
      garbage: (uid) => this.#garbage.sync(uid),
      namespace: (name) => namespaces.sync(name),
      nodes: () => this.#rescheduleAll(),
    };
  }

  /** Looks at everything there is, then follows the changes until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    using subscriptions = new DisposableStack();
    const followed = new Map<Collection, Disposable>();
    const follow = (collection: Collection) => followed.set(collection, this.#follow(collection));
    subscriptions.defer(() => {
      for (const subscription of followed.values()) subscription[Symbol.dispose]();
    });
    for (const collection of this.#store.collections()) follow(collection);
    subscriptions.use(
      this.#store.onResource(({ type, collection }) => {
        if (type === 'ADDED') follow(collection);
        else {
          followed.get(collection)?.[Symbol.dispose]();
          followed.delete(collection);
        }
      }),
    );
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const stopBoth = (error: unknown) => {
      failed.abort();
      throw error;
    };
    await Promise.all([
      this.#queue.run(both).catch(stopBoth),
      this.#kubelet.run(both).catch(stopBoth),
    ]);
  }

  /** Tells of what a collection has as ADDED, then of its changes. */
  #follow(collection: Collection): Disposable {
    const resource = qualified(collection.type);
    for (const object of [...collection.list()]) {
      this.#observe(resource, {
        type: 'ADDED',
        namespace: namespaceOf(object),
        name: nameOf(object),
        object,
      });
    }
    return collection.subscribe((change) => this.#observe(resource, change));
  }

  #observe(resource: string, change: Seen): void {
    this.#garbage.observe(resource, change);
    if (change.type === 'DELETED' && change.namespace !== '')
      this.#namespaceMayBeEmpty(change.namespace);
    const key = keyOf(change);
    if (resource === PODS) this.#podChanged(key, change);
    else if (resource === REPLICA_SETS) {
      this.#context.setsOf.apply(change);
      this.#queue.add(`set ${key}`);
      this.#ownerChanged('deployment', change);
    } else if (resource === DEPLOYMENTS) this.#queue.add(`deployment ${key}`);
    else if (resource === BUDGETS) this.#queue.add(`budget ${key}`);
    else if (resource === NAMESPACES) this.#queue.add(`namespace ${change.name}`);
    else if (resource === NODES && change.type === 'ADDED') this.#queue.add('nodes ');
  }

  #podChanged(key: string, change: Seen): void {
    this.#context.podsOf.apply(change);
    if (change.type === 'DELETED') this.#kubelet.forget(change.object);
    else this.#queue.add(`pod ${key}`);
    this.#ownerChanged('set', change);
    for (const budget of this.#budgets.budgetsOf(change.object))
      this.#queue.add(`budget ${budget}`);
  }

  /** An object that nobody controls may be what any owner in its namespace has waited for. */
  #ownerChanged(kind: 'set' | 'deployment', { type, object, previous }: Seen): void {
    const namespace = namespaceOf(object);
    for (const each of previous ? [object, previous] : [object]) {
      const owner = controllerOf(each);
      if (owner) this.#queue.add(`${kind} ${namespace}/${textAt(owner, 'name')}`);
    }
    if (type === 'DELETED' || controllerOf(object)) return;
    const owners = this.#store.collection(kind === 'set' ? REPLICA_SETS : DEPLOYMENTS);
    for (const owner of owners.list({ namespace })) {
      if (
        matchesSelector(objectAt(owner, 'spec', 'selector'), objectAt(object, 'metadata', 'labels'))
      ) {
        this.#queue.add(`${kind} ${namespace}/${nameOf(owner)}`);
      }
    }
  }

  #namespaceMayBeEmpty(name: string): void {
    const namespace = this.#store.collection(NAMESPACES).get('', name);
    if (namespace && isTerminating(namespace)) this.#queue.add(`namespace ${name}`);
  }

  #sync(work: string): void {
    const space = work.indexOf(' ');
    this.#handlers[work.slice(0, space)]?.(work.slice(space + 1));
  }

  /** A node has come: pods that had found none are looked at again. */
  #rescheduleAll(): void {
    for (const pod of this.#store.collection(PODS).list()) {
      const key = keyOf({ namespace: namespaceOf(pod), name: nameOf(pod) });
      if (textAt(pod, 'spec', 'nodeName') === '') this.#queue.add(`pod ${key}`);
    }
  }
}
