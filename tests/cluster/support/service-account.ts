import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { bodyOf } from './api-client.ts';
import type { ClusterFixture } from './cluster-fixture.ts';
import { pathOf } from './paths.ts';
import { listAt, textAt } from './value.ts';

const MANIFEST = fileURLToPath(new URL('../manifests/controller.yaml', import.meta.url));

const NAMESPACE = 'chaos-monkey-under-test';
const ACCOUNT = 'controller';

/** As whom the controller under test works, as audit logs name it. */
export const CONTROLLER_USER = `system:serviceaccount:${NAMESPACE}:${ACCOUNT}`;

/** Creates the controller's account with its rights. */
export async function createServiceAccount(cluster: ClusterFixture): Promise<void> {
  await kubectl(cluster, ['apply', '-f', MANIFEST]);
}

export async function removeServiceAccount(cluster: ClusterFixture): Promise<void> {
  await kubectl(cluster, ['delete', '--ignore-not-found', '--wait=false', '-f', MANIFEST]);
}

/** A token of the controller's account. @param secret the Secret without which it is worth nothing */
export async function requestToken(cluster: ClusterFixture, secret?: string): Promise<string> {
  const path = pathOf('serviceaccounts', NAMESPACE, ACCOUNT, 'token');
  const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: secret };
  const spec = { audiences: [], expirationSeconds: 3_600, ...(secret && { boundObjectRef }) };
  const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };
  return textAt(await bodyOf(cluster.client.post(path, { ...kind, spec })), 'status', 'token');
}

/** A Secret that tokens are bound to. */
export async function createSecret(cluster: ClusterFixture, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name } };
  await bodyOf(cluster.client.post(pathOf('secrets', NAMESPACE), body));
}

export async function removeSecret(cluster: ClusterFixture, name: string): Promise<void> {
  await bodyOf(cluster.client.delete(pathOf('secrets', NAMESPACE, name)));
}

/** Writes a kubeconfig for the same cluster with other credentials: `{token}` or `{tokenFile}`. */
export async function writeKubeconfig(
  path: string,
  { kubeconfigPath }: ClusterFixture,
  user: Readonly<Record<string, string>>,
): Promise<void> {
  const config: unknown = parse(await readFile(kubeconfigPath, 'utf8'));
  const wanted = textAt(config, 'current-context');
  const context = named(listAt(config, 'contexts'), wanted);
  const cluster = named(listAt(config, 'clusters'), textAt(context, 'context', 'cluster'));
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ ...Object(cluster), name: 'test' }],
    users: [{ name: 'test', user }],
  });
  await writeFile(path, text, { mode: 0o600 });
}

async function kubectl(cluster: ClusterFixture, args: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

function named(list: readonly unknown[], name: string): unknown {
  return list.find((one) => textAt(one, 'name') === name);
}
