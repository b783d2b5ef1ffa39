import type { KubeConfig } from '@kubernetes/client-node';
import { ChaosError, describeError } from '../runtime/errors.ts';

/** The error of a kubeconfig that cannot be used. */
export function unusable(message: string, cause?: unknown): ChaosError {
  const detail = cause === undefined ? message : `${message}: ${describeError(cause)}`;
  return new ChaosError('ERR_SETTINGS_KUBECONFIG', `kubeconfig: ${detail}`, { cause });
}

/**
 * Says which field is wrong before a request fails for a reason that names none.
 * @param source the file or files, for the message
 * @throws ChaosError ERR_SETTINGS_KUBECONFIG
 */
export function checkKubeconfig(config: KubeConfig, source: string): void {
  const contexts = config.getContexts() ?? [];
  const wanted = config.getCurrentContext();
  const known = listed(contexts);
  if (!wanted) {
    throw unusable(
      `${source}: current-context: expected the name of a context (${known}), got none`,
    );
  }
  const context = contexts.find(({ name }) => name === wanted);
  if (context === undefined) {
    throw unusable(`${source}: context: expected an existing one (${known}), got "${wanted}"`);
  }
  const clusters = config.getClusters();
  const cluster = clusters.find(({ name }) => name === context.cluster);
  if (cluster === undefined) {
    const field = `contexts[${wanted}].cluster`;
    throw unusable(
      `${source}: ${field}: expected an entry of clusters (${listed(clusters)}), got "${context.cluster}"`,
    );
  }
  const users = config.getUsers();
  if (context.user && !users.some(({ name }) => name === context.user)) {
    const field = `contexts[${wanted}].user`;
    throw unusable(
      `${source}: ${field}: expected an entry of users (${listed(users)}), got "${context.user}"`,
    );
  }
  if (cluster.proxyUrl) {
    const field = `clusters[${cluster.name}].proxy-url`;
    throw unusable(`${source}: ${field}: expected none (proxies are not supported), got one`);
  }
  readServer(cluster.server, `${source}: clusters[${cluster.name}].server`);
}

/** The address of an API server. @param field its place, for the message */
export function readServer(server: string, field: string): URL {
  const url = URL.parse(server);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw unusable(`${field}: expected an http or https URL, got "${server}"`);
}

function listed(entries: readonly { readonly name: string }[]): string {
  if (entries.length === 0) return 'there is none';
  const names = entries.map(({ name }) => name).join(', ');
  return entries.length === 1 ? `there is ${names}` : `there are ${names}`;
}
