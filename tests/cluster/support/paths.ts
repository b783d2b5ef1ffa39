const COLLECTIONS = {
  namespaces: '/api/v1',
  pods: '/api/v1',
  configmaps: '/api/v1',
  secrets: '/api/v1',
  events: '/api/v1',
  services: '/api/v1',
  serviceaccounts: '/api/v1',
  nodes: '/api/v1',
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  poddisruptionbudgets: '/apis/policy/v1',
  horizontalpodautoscalers: '/apis/autoscaling/v2',
  leases: '/apis/coordination.k8s.io/v1',
  chaosmonkeyconfigurations: '/apis/cm.massix.github.io/v1',
  customresourcedefinitions: '/apis/apiextensions.k8s.io/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
  clusterroles: '/apis/rbac.authorization.k8s.io/v1',
  clusterrolebindings: '/apis/rbac.authorization.k8s.io/v1',
  podmetrics: '/apis/metrics.k8s.io/v1beta1',
} as const;

export type Collection = keyof typeof COLLECTIONS;

/** `pathOf('pods', 'default', 'web', 'eviction')`; a namespace of '' is none (cluster-scoped, or all). */
export function pathOf(collection: Collection, namespace = '', ...rest: readonly string[]): string {
  const scope = namespace === '' ? [] : ['namespaces', namespace];
  const plural = collection === 'podmetrics' ? 'pods' : collection;
  return [COLLECTIONS[collection], ...scope, plural, ...rest].join('/');
}
