import type { ApiClient } from './api-client.ts';
import { removeCrd } from './crd.ts';
import { type Collection, pathOf } from './paths.ts';
import type { Release } from './release.ts';
import { removeNamespace } from './scratch-namespaces.ts';
import { at, listAt, nameOf } from './value.ts';

/** Where a release may leave something that is not in its own namespace, or outlives it. */
const COLLECTIONS: readonly Collection[] = [
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
  'leases',
  'secrets',
  'serviceaccounts',
  'services',
  'deployments',
  'poddisruptionbudgets',
  'configmaps',
];

/** Uninstalls a release, however broken, and removes the kind with all its objects. */
export async function removeRelease(release: Release): Promise<void> {
  const { client } = release.cluster;
  await release.helm(['uninstall', release.name, '--ignore-not-found', '--no-hooks']);
  const { code } = await client.get(
    pathOf('customresourcedefinitions', '', 'chaosmonkeyconfigurations.cm.massix.github.io'),
  );
  if (code === 200) await removeCrd(client);
  await removeNamespace(client, release.namespace);
}

/** What there is of a release besides the kind, as `secrets/name`: by the names and labels it gives. */
export async function remains(release: Release): Promise<string[]> {
  const found: string[] = [];
  for (const collection of COLLECTIONS) {
    for (const object of await all(release.cluster.client, collection)) {
      const labels = at(object, 'metadata', 'labels');
      const instance = at(labels, 'app.kubernetes.io/instance');
      const ours = instance === release.name || nameOf(object).startsWith(release.fullName);
      if (ours) found.push(`${collection}/${nameOf(object)}`);
    }
  }
  return found;
}

async function all(client: ApiClient, collection: Collection): Promise<readonly unknown[]> {
  return listAt((await client.get(pathOf(collection))).body, 'items');
}
