import { configurationCrd } from '../../configuration/crd.ts';
import { configurations } from '../../configuration/resource.ts';
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { isApiError } from '../../kubernetes/client.ts';
import { type ResourceAddress, resourcePath } from '../../kubernetes/resource.ts';
import type { DemoObjects } from './demo-objects.ts';

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

/** Installs the definition of our configurations. @throws KubernetesApiError */
export function installDefinition(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  return create(client, DEFINITIONS, undefined, configurationCrd(), signal);
}

/** Puts namespaces and deployments into the cluster, as any user would. @throws KubernetesApiError */
export async function installWorkloads(
  client: KubernetesClient,
  objects: DemoObjects,
  signal: AbortSignal,
): Promise<void> {
  for (const object of objects.namespaces)
    await create(client, NAMESPACES, undefined, object, signal);
  for (const object of objects.deployments) {
    await create(client, DEPLOYMENTS, namespaceOf(object), object, signal);
  }
}

/** Puts the configurations into the cluster. @throws KubernetesApiError */
export async function installConfigurations(
  client: KubernetesClient,
  objects: DemoObjects,
  signal: AbortSignal,
): Promise<void> {
  for (const object of objects.configurations) {
    await create(client, configurations, namespaceOf(object), object, signal);
  }
}

async function create(
  client: KubernetesClient,
  resource: ResourceAddress,
  namespace: string | undefined,
  body: unknown,
  signal: AbortSignal,
): Promise<void> {
  const path = resourcePath(resource, namespace);
  try {
    await client.call({ verb: 'create', resource: resource.plural, path, body }, signal);
  } catch (error) {
    // A call that was sent again may have been heard the first time.
    if (!isApiError(error, 409)) throw error;
  }
}

function namespaceOf({ metadata }: DemoObjects['deployments'][number]): string | undefined {
  const namespace =
    typeof metadata === 'object' && metadata !== null && 'namespace' in metadata
      ? metadata.namespace
      : undefined;
  return typeof namespace === 'string' ? namespace : undefined;
}
