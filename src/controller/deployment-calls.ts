import type { KubernetesClient } from '../kubernetes/client.ts';
import { resourcePath } from '../kubernetes/resource.ts';
import {
  type Deployment,
  deployments,
  RESTORE_ANNOTATION,
} from '../kubernetes/resources/deployments.ts';
import { formatRestoreNote, type RestoreNote } from './restore-annotation.ts';

/** Reads a deployment from the API server, not from the cache. @throws KubernetesApiError 404 */
export async function readDeployment(
  client: KubernetesClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Deployment> {
  const path = resourcePath(deployments, namespace, name);
  return deployments.strip(
    await client.call({ verb: 'get', resource: 'deployments', path }, signal),
  );
}

export interface DeploymentPatch {
  /** `null` removes it. */
  readonly note: RestoreNote | null;
  readonly replicas?: number;
}

/**
 * Changes note and replicas together, if nobody has changed the deployment since it was read.
 * @throws KubernetesApiError 409 when somebody has
 */
export async function patchReplicas(
  client: KubernetesClient,
  { metadata: { namespace, name, uid, resourceVersion } }: Deployment,
  { note, replicas }: DeploymentPatch,
  signal: AbortSignal,
): Promise<Deployment> {
  const annotations = { [RESTORE_ANNOTATION]: note === null ? null : formatRestoreNote(note) };
  const body = {
    metadata: { uid, resourceVersion, annotations },
    ...(replicas !== undefined && { spec: { replicas } }),
  };
  const path = resourcePath(deployments, namespace, name);
  return deployments.strip(
    await client.call({ verb: 'patch', resource: 'deployments', path, body }, signal),
  );
}

/**
 * Sets the replicas through the scale subresource, if nobody has changed the deployment since it was read.
 * @throws KubernetesApiError 409 when somebody has
 */
export async function scale(
  client: KubernetesClient,
  { metadata: { namespace, name, uid, resourceVersion } }: Deployment,
  replicas: number,
  signal: AbortSignal,
): Promise<void> {
  const body = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { namespace, name, uid, resourceVersion },
    spec: { replicas },
  };
  const path = resourcePath(deployments, namespace, name, 'scale');
  await client.call({ verb: 'update', resource: 'deployments/scale', path, body }, signal);
}
