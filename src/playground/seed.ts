import type { SimulatedCluster } from './cluster.ts';
import { deploymentStrategy } from './kinds/deployments.ts';
import { namespaceStrategy } from './kinds/namespaces.ts';
import { withPodSpecDefaults } from './kinds/pod-template.ts';
import type { Json, JsonObject } from './patch/json.ts';
import { timestamp } from './storage/metadata.ts';

/** Creates a namespace if there is none of this name. */
export function seedNamespace(
  { store }: SimulatedCluster,
  name: string,
  labels: JsonObject = {},
): void {
  const namespaces = store.collection('namespaces');
  if (namespaces.get('', name)) return;
  const namespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name, labels } };
  namespaces.create(namespaceStrategy.prepareForCreate?.(namespace) ?? namespace);
}

export interface SeedDeployment {
  readonly namespace: string;
  readonly name: string;
  /** Default 0. The cluster's controllers create the pods, unless the cluster runs none. */
  readonly replicas?: number;
  /** Default: `app` is the name. */
  readonly labels?: JsonObject;
}

/** Creates a deployment of one container. */
export function seedDeployment(
  { store }: SimulatedCluster,
  { namespace, name, replicas = 0, labels = { app: name } }: SeedDeployment,
): JsonObject {
  const deployment = {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'busybox' }] },
      },
    },
  };
  const defaulted = deploymentStrategy.withDefaults?.(deployment) ?? deployment;
  return store.collection('deployments.apps').create(defaulted);
}

/** Creates an object of any served kind as it stands, without defaults and checks. */
export function seedObject(
  cluster: SimulatedCluster,
  resource: string,
  object: JsonObject,
): JsonObject {
  return cluster.store.collection(resource).create(object);
}

export interface SeedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: JsonObject;
  readonly owners?: readonly JsonObject[];
}

/** Creates a pod that runs and is ready, for clusters without controllers of their own. */
export function seedReadyPod(
  { store }: SimulatedCluster,
  { namespace, name, labels, owners = [] }: SeedPod,
): JsonObject {
  const now = timestamp(store.clock.now());
  const condition = (type: string): Json => ({ type, status: 'True', lastTransitionTime: now });
  return store.collection('pods').create({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, namespace, labels, ownerReferences: owners },
    spec: {
      ...withPodSpecDefaults({ containers: [{ name: 'main', image: 'busybox' }] }),
      nodeName: 'node-1',
    },
    status: {
      phase: 'Running',
      qosClass: 'BestEffort',
      startTime: now,
      podIP: '10.244.0.1',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      containerStatuses: [
        {
          name: 'main',
          image: 'busybox',
          imageID: '',
          containerID: `containerd://${name}`,
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: now } },
          lastState: {},
        },
      ],
    },
  });
}
