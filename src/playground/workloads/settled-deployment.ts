import type { Random } from '../../runtime/random.ts';
import type { JsonObject } from '../patch/json.ts';
import type { ObjectStore } from '../store.ts';
import { newReplicaSet, resized, withRevision } from './deployment-sets.ts';
import { deploymentStatus } from './deployment-status.ts';
import { nameOf, namespaceOf, objectAt, timestamp, uidOf } from './fields.ts';
import { digest, podAddress } from './kubelet.ts';
import { runningStatus, scheduledStatus } from './pod-state.ts';
import { podOf, replicaSetStatus, replicasOf } from './replica-set.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from './resources.ts';

/**
 * Stores a deployment that has long been rolled out, its ReplicaSet and its ready pods included: a write
 * or two for each object, for benches with tens of thousands of pods. The controllers find nothing to do.
 * @param deployment as the API server would store a new one
 * @param nodes names of nodes, used in turn
 */
export function createSettledDeployment(
  store: ObjectStore,
  deployment: JsonObject,
  nodes: readonly string[],
  random: Random,
): JsonObject {
  const deployments = store.collection(DEPLOYMENTS);
  const sets = store.collection(REPLICA_SETS);
  const time = timestamp(store.clock.now());
  const owner = deployments.create(withRevision(deployment, 1));
  const size = replicasOf(owner);
  const set = sets.create(withRevision(resized(newReplicaSet(owner, size), size, owner), 1));
  const pods = Array.from({ length: size }, (_, index) =>
    createReadyPod(store, set, nodes[index % nodes.length] ?? '', time, random),
  );
  const settled = sets.update({ ...set, status: replicaSetStatus(set, pods) });
  return deployments.update({ ...owner, status: deploymentStatus(owner, settled, [], time) });
}

function createReadyPod(
  store: ObjectStore,
  set: JsonObject,
  node: string,
  time: string,
  random: Random,
): JsonObject {
  const pods = store.collection(PODS);
  let pod = podOf(set, random);
  while (pods.get(namespaceOf(pod), nameOf(pod))) pod = podOf(set, random);
  const scheduled = {
    ...pod,
    spec: { ...objectAt(pod, 'spec'), nodeName: node },
    status: scheduledStatus(pod, '192.168.0.10', time),
  };
  const identity = `${uidOf(set)}/${nameOf(pod)}`;
  const status = runningStatus(scheduled, {
    podIP: podAddress(identity),
    time,
    ready: true,
    containerId: (index) => digest(`${identity}/${index}`),
  });
  return pods.create({ ...scheduled, status });
}
