import type { ObjectSource } from '../kubernetes/object-source.ts';
import type { Pod } from '../kubernetes/resources/pods.ts';
import type { ReplicaSet } from '../kubernetes/resources/replica-sets.ts';
import type { ObjectEvent, SyncedEvent } from '../kubernetes/watch-event.ts';
import { ChildSet } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';

/** A pod that came to, or went from, a ReplicaSet. */
export interface PodMembership {
  readonly type: 'added' | 'removed';
  readonly pod: Pod;
}

/**
 * Which pods belong to which deployment: through the ReplicaSet that owns them, never by labels alone.
 * Kept by UID, so a successor of the same name inherits nothing.
 */
export class WorkloadIndex {
  readonly #pods: ObjectSource<Pod>;
  readonly #replicaSets: ObjectSource<ReplicaSet>;
  readonly #podsByOwner = new Map<string, Map<string, Pod>>();
  /** A pod that its ReplicaSet let go, because its labels were changed, is nobody's any more. */
  readonly #ownerByPod = new Map<string, string>();
  readonly #replicaSetsByDeployment = new Map<string, Set<string>>();
  readonly #deploymentByReplicaSet = new Map<string, string>();
  readonly #listeners = new Map<string, Set<(change: PodMembership) => void>>();
  /** In which namespaces the first list has been placed whole; undefined: in all. */
  readonly #placed = {
    pods: new Set<string | undefined>(),
    replicaSets: new Set<string | undefined>(),
  };
  /** Who is told when something has been placed whole. */
  readonly #waiting = new Set<() => void>();

  constructor(pods: ObjectSource<Pod>, replicaSets: ObjectSource<ReplicaSet>) {
    this.#pods = pods;
    this.#replicaSets = replicaSets;
  }

  /** Whether all pods and ReplicaSets that there were in the namespace at first have their place. */
  isSynced(namespace: string): boolean {
    const { pods, replicaSets } = this.#placed;
    return [pods, replicaSets].every((placed) => placed.has(undefined) || placed.has(namespace));
  }

  /** Waits until it is synced in the namespace, for `patienceMs` at most. @returns whether it is */
  async waitForSync(
    namespace: string,
    { clock, patienceMs }: { readonly clock: Clock; readonly patienceMs: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    if (this.isSynced(namespace)) return true;
    const waited = new AbortController();
    const patience = clock.sleep(patienceMs, AbortSignal.any([signal, waited.signal]));
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (this.isSynced(namespace)) resolve();
    };
    this.#waiting.add(look);
    try {
      await Promise.race([promise, patience]);
    } finally {
      this.#waiting.delete(look);
      waited.abort();
      await patience.catch(() => undefined);
    }
    return this.isSynced(namespace);
  }

  /** Keeps the index until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await using loops = new ChildSet(signal);
    loops.start('pods', (childSignal) => this.#followPods(childSignal));
    loops.start('replicasets', (childSignal) => this.#followReplicaSets(childSignal));
    await loops.ended();
  }

  /** The pods of all ReplicaSets of the deployment with this UID. */
  *podsOf(deploymentUid: string): Iterable<Pod> {
    for (const owner of this.#replicaSetsByDeployment.get(deploymentUid) ?? []) {
      yield* this.#podsByOwner.get(owner)?.values() ?? [];
    }
  }

  /** Tells of pods that come to and go from a deployment, until the returned function is called. */
  subscribe(deploymentUid: string, listener: (change: PodMembership) => void): () => void {
    const listeners = this.#listeners.get(deploymentUid) ?? new Set();
    this.#listeners.set(deploymentUid, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(deploymentUid);
    };
  }

  async #followPods(signal: AbortSignal): Promise<void> {
    for await (const event of this.#pods.events({}, signal)) {
      if (event.type === 'SYNCED') this.#place(this.#placed.pods, event);
      else this.#placePod(event);
    }
  }

  async #followReplicaSets(signal: AbortSignal): Promise<void> {
    for await (const event of this.#replicaSets.events({}, signal)) {
      if (event.type === 'SYNCED') this.#place(this.#placed.replicaSets, event);
      else this.#placeReplicaSet(event);
    }
  }

  #placePod({ type, object: pod }: ObjectEvent<Pod>): void {
    const { uid } = pod.metadata;
    const before = this.#ownerByPod.get(uid);
    const after = type === 'DELETED' ? undefined : pod.ownerUid;
    if (before !== after) this.#takeAway(pod, before);
    if (after === undefined) {
      this.#ownerByPod.delete(uid);
      return;
    }
    this.#ownerByPod.set(uid, after);
    const siblings = this.#podsByOwner.get(after) ?? new Map<string, Pod>();
    this.#podsByOwner.set(after, siblings.set(uid, pod));
    if (before !== after) this.#tell(this.#deploymentByReplicaSet.get(after), 'added', pod);
  }

  #takeAway(pod: Pod, owner: string | undefined): void {
    if (owner === undefined) return;
    const siblings = this.#podsByOwner.get(owner);
    siblings?.delete(pod.metadata.uid);
    if (siblings?.size === 0) this.#podsByOwner.delete(owner);
    this.#tell(this.#deploymentByReplicaSet.get(owner), 'removed', pod);
  }

  #placeReplicaSet({ type, object: { metadata, deploymentUid } }: ObjectEvent<ReplicaSet>): void {
    const { uid } = metadata;
    const before = this.#deploymentByReplicaSet.get(uid);
    const after = type === 'DELETED' ? undefined : deploymentUid;
    if (before === after) return;
    const pods = [...(this.#podsByOwner.get(uid)?.values() ?? [])];
    if (before !== undefined) {
      this.#unlink(before, uid);
      for (const pod of pods) this.#tell(before, 'removed', pod);
    }
    if (after !== undefined) {
      this.#link(after, uid);
      for (const pod of pods) this.#tell(after, 'added', pod);
    }
  }

  #place(placed: Set<string | undefined>, { namespace }: SyncedEvent): void {
    placed.add(namespace);
    for (const look of this.#waiting) look();
  }

  #link(deployment: string, replicaSet: string): void {
    const replicaSets = this.#replicaSetsByDeployment.get(deployment) ?? new Set();
    this.#replicaSetsByDeployment.set(deployment, replicaSets.add(replicaSet));
    this.#deploymentByReplicaSet.set(replicaSet, deployment);
  }

  #unlink(deployment: string, replicaSet: string): void {
    const replicaSets = this.#replicaSetsByDeployment.get(deployment);
    replicaSets?.delete(replicaSet);
    if (replicaSets?.size === 0) this.#replicaSetsByDeployment.delete(deployment);
    this.#deploymentByReplicaSet.delete(replicaSet);
  }

  #tell(deployment: string | undefined, type: PodMembership['type'], pod: Pod): void {
    if (deployment === undefined) return;
    for (const listener of this.#listeners.get(deployment) ?? []) listener({ type, pod });
  }
}
