/** The parts of an installation that prove to each other who they are. */
export type Role = 'controller' | 'server' | 'agent';

/** `chaos-monkey://<namespace>/<role>`: the URI by which a certificate says whose it is. */
export function identityUri(namespace: string, role: Role): string {
  return `chaos-monkey://${namespace}/${role}`;
}

/**
 * The names by which a Service is reached inside a cluster, the shortest first.
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function serviceNames(service: string, namespace: string): readonly string[] {
  const name = `${service}.${namespace}`;
  return [service, name, `${name}.svc`, `${name}.svc.cluster.local`];
}
