import { GROUP, KIND, PLURAL, V1 } from '../../src/configuration/api.ts';
import { configurationCrd, crdWithoutConversion } from '../../src/configuration/crd.ts';
import type { SimulatedCluster } from '../../src/playground/cluster.ts';
import type { JsonObject } from '../../src/playground/patch/json.ts';
import { createSettledDeployment } from '../../src/playground/workloads/settled-deployment.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { OPT_IN_LABEL } from '../real/seed.ts';

/** What a simulated cluster is filled with. */
export interface SimulatedContent {
  /** Opted-in namespaces, each with a killPod configuration and its deployment. */
  readonly namespaces: number;
  /** Ready pods of each deployment. */
  readonly podsEach: number;
  /** Of each configuration, a Go duration. */
  readonly timeout: string;
  /** Whether the configurations are new, or their next execution was due while no controller ran. */
  readonly configurations: 'new' | 'overdue';
}

/** Fills a simulated cluster past its API, as if all of it had been there for long. */
export async function seedSimulated(
  cluster: SimulatedCluster,
  { namespaces, podsEach, timeout, configurations }: SimulatedContent,
): Promise<void> {
  await installDefinition(cluster);
  const { store } = cluster;
  const random = randomStream('bench');
  const nodes = [...store.collection('nodes').list()].map(nameOf);
  for (let index = 0; index < namespaces; index += 1) {
    const namespace = `bench-${index}`;
    store.collection('namespaces').create(optedIn(namespace));
    createSettledDeployment(store, deployment(namespace, podsEach), nodes, random);
    const monkey = configuration(namespace, timeout);
    const status = configurations === 'overdue' ? { status: OVERDUE } : {};
    store.collection(`${PLURAL}.${GROUP}`).create({ ...monkey, ...status });
  }
}

/** As a controller left it that ended long ago. */
const OVERDUE: JsonObject = {
  observedGeneration: 1,
  seed: 'bench',
  ticks: 1,
  lastExecution: '2025-01-01T00:00:00.000Z',
  nextExecution: '2025-01-01T00:00:10.000Z',
  lastOutcome: {
    result: 'Skipped',
    reason: 'NoReadyPods',
    message: '0 of 0 pods ready',
    time: '2025-01-01T00:00:00.000Z',
    tick: 1,
  },
};

/** Through the API, because it makes the API serve another kind. */
async function installDefinition({ url, token }: SimulatedCluster): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(crdWithoutConversion(configurationCrd())),
  });
  if (!answer.ok) throw new Error(`no definition: ${answer.status} ${await answer.text()}`);
}

function nameOf({ metadata }: JsonObject): string {
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata
    ? String(metadata.name)
    : '';
}

function optedIn(name: string): JsonObject {
  const labels = { [OPT_IN_LABEL]: 'true', 'kubernetes.io/metadata.name': name };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function deployment(namespace: string, replicas: number): JsonObject {
  const labels = { app: 'web' };
  const containers = [{ name: 'main', image: 'registry.example/web:1.4.2' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function configuration(namespace: string, timeout: string): JsonObject {
  return {
    apiVersion: V1,
    kind: KIND,
    metadata: { name: 'web', namespace },
    spec: {
      enabled: true,
      scalingMode: 'killPod',
      deployment: { name: 'web' },
      minReplicas: 0,
      maxReplicas: 3,
      timeout,
    },
  };
}
