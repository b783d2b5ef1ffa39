import { stringify } from 'yaml';

/** A kubeconfig with one cluster, one user and one context, all of this name. */
export function kubeconfigText(url: string, token: string, name = 'playground'): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
