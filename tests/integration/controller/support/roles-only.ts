import type { SimulatedCluster } from '../../../../src/playground/cluster.ts';
import { USER } from './running-controller.ts';
import { PLURAL } from './world.ts';

/** Everything that the controller asks about and that is in a namespace. */
const NAMESPACED = [
  PLURAL,
  'deployments',
  'events',
  'horizontalpodautoscalers',
  'pods',
  'replicasets',
] as const;

/**
 * Refuses the controller what no Role can allow: calls about all namespaces at once, and to list or watch
 * namespaces. A Role allows to get its own.
 */
export function forbidBeyondRoles({ access }: SimulatedCluster): void {
  for (const resource of NAMESPACED) access.forbid({ user: USER, resource, namespace: '' });
  for (const verb of ['list', 'watch']) access.forbid({ user: USER, verb, resource: 'namespaces' });
}

/** Refuses the controller a namespace, as where it has no Role. */
export function forbidNamespace({ access }: SimulatedCluster, namespace: string): Disposable {
  const rules = new DisposableStack();
  rules.use(access.forbid({ user: USER, namespace }));
  rules.use(access.forbid({ user: USER, resource: 'namespaces', name: namespace }));
  return rules;
}
