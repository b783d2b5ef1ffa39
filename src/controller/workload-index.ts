import type { ObjectSource } from '../kubernetes/object-source.ts';
import type { Pod } from '../kubernetes/resources/pods.ts';
import type { ReplicaSet } from '../kubernetes/resources/replica-sets.ts';
import type { ObjectEvent } from '../kubernetes/watch-event.ts';
import { ChildSet } from '../runtime/child-set.ts';

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
  readonly #replicaSetsByDeployment = new Map<string, Set<string>>();
  readonly #deploymentByReplicaSet = new Map<string, string>();
  readonly #listeners = new Map<string, Set<(change: PodMembership) => void>>();
  /** Whose first list has been placed whole. */
  readonly #placed = new Set<'pods' | 'replicasets'>();

  constructor(pods: ObjectSource<Pod>, replicaSets: ObjectSource<ReplicaSet>) {
    this.#pods = pods;
    this.#replicaSets = replicaSets;
  }

  /** Whether all pods and ReplicaSets that there were at first have their place. */
  get synced(): boolean {
    return this.#placed.size === 2;
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
      if (event.type === 'SYNCED') this.#placed.add('pods');
      else this.#placePod(event);
    }
  }

  async #followReplicaSets(signal: AbortSignal): Promise<void> {
    for await (const event of this.#replicaSets.events({}, signal)) {
      if (event.type === 'SYNCED') this.#placed.add('replicasets');
      else this.#placeReplicaSet(event);
    }
  }

  #placePod({ type, object: pod }: ObjectEvent<Pod>): void {
    const owner = pod.ownerUid;
    if (owner === undefined) return;
    const siblings = this.#podsByOwner.get(owner) ?? new Map<string, Pod>();
    const known = siblings.has(pod.metadata.uid);
    if (type === 'DELETED') siblings.delete(pod.metadata.uid);
    else siblings.set(pod.metadata.uid, pod);
    if (siblings.size === 0) this.#podsByOwner.delete(owner);
    else this.#podsByOwner.set(owner, siblings);
    const deployment = this.#deploymentByReplicaSet.get(owner);
    if (deployment === undefined) return;
    if (type === 'DELETED' && known) this.#tell(deployment, { type: 'removed', pod });
    if (type !== 'DELETED' && !known) this.#tell(deployment, { type: 'added', pod });
  }

  #placeReplicaSet({ type, object: { metadata, deploymentUid } }: ObjectEvent<ReplicaSet>): void {
    const { uid } = metadata;
    const before = this.#deploymentByReplicaSet.get(uid);
    const after = type === 'DELETED' ? undefined : deploymentUid;
    if (before === after) return;
    const pods = [...(this.#podsByOwner.get(uid)?.values() ?? [])];
    if (before !== undefined) {
      this.#unlink(before, uid);
      for (const pod of pods) this.#tell(before, { type: 'removed', pod });
    }
    if (after !== undefined) {
      this.#link(after, uid);
      for (const pod of pods) this.#tell(after, { type: 'added', pod });
    }
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

  #tell(deployment: string, change: PodMembership): void {
    for (const listener of this.#listeners.get(deployment) ?? []) listener(change);
  }
}
