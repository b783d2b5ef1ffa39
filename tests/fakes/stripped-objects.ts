import type { AcceptedSpec } from '../../src/configuration/read-spec.ts';
import { configurations } from '../../src/configuration/resource.ts';
import type { ChaosMonkeyConfiguration } from '../../src/configuration/types.ts';
import type { Deployment } from '../../src/kubernetes/resources/deployments.ts';
import type { Namespace } from '../../src/kubernetes/resources/namespaces.ts';
import type { Pod } from '../../src/kubernetes/resources/pods.ts';
import type { ReplicaSet } from '../../src/kubernetes/resources/replica-sets.ts';

/** Objects as they are kept in memory, for tests that need no API server. All are in namespace `shop`. */

const metadata = (name: string, namespace = 'shop') => ({
  name,
  namespace,
  uid: `uid-${name}`,
  resourceVersion: '1',
});

export function pod(name: string, fields: Partial<Pod> = {}): Pod {
  return {
    metadata: metadata(name),
    labels: new Map([['app', 'web']]),
    createdAt: 0,
    terminating: false,
    ready: true,
    ownerUid: 'uid-web-1',
    ...fields,
  };
}

export function replicaSet(name: string, deploymentUid: string | undefined): ReplicaSet {
  return { metadata: metadata(name), deploymentUid };
}

export function deployment(name: string, fields: Partial<Deployment> = {}): Deployment {
  return {
    metadata: metadata(name),
    generation: 1,
    terminating: false,
    replicas: 3,
    selector: { matchLabels: new Map([['app', name]]), matchExpressions: [] },
    restoreNote: undefined,
    ...fields,
  };
}

export function namespace(
  name: string,
  { optIn, terminating = false }: { readonly optIn?: string; readonly terminating?: boolean } = {},
): Namespace {
  const labels = optIn === undefined ? [] : [['cm.massix.github.io/namespace', optIn] as const];
  return { metadata: metadata(name, ''), labels: new Map(labels), terminating };
}

/** A configuration as the API server sends it. */
export function rawConfiguration(
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  more: { readonly status?: unknown; readonly metadata?: Readonly<Record<string, unknown>> } = {},
) {
  return {
    apiVersion: 'cm.massix.github.io/v1',
    kind: 'ChaosMonkeyConfiguration',
    metadata: {
      ...metadata(name),
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...more.metadata,
    },
    spec: {
      enabled: true,
      scalingMode: 'killPod',
      deployment: { name: 'web' },
      minReplicas: 0,
      maxReplicas: 5,
      timeout: '10s',
      ...spec,
    },
    ...(more.status !== undefined && { status: more.status }),
  };
}

export function configuration(
  ...shape: Parameters<typeof rawConfiguration>
): ChaosMonkeyConfiguration {
  return configurations.strip(rawConfiguration(...shape));
}

export function acceptedSpec(fields: Partial<AcceptedSpec> = {}): AcceptedSpec {
  return {
    enabled: true,
    mode: 'killPod',
    deploymentName: 'web',
    minReplicas: 0,
    maxReplicas: 5,
    timeoutMs: 10_000,
    restoreReplicas: true,
    ...fields,
  };
}
