import type { Strategy } from '../api/served-resource.ts';
import { definitionStrategy } from '../crd/definition-strategy.ts';
import { deploymentStrategy, replicaSetStrategy } from './deployments.ts';
import { namespaceStrategy } from './namespaces.ts';
import {
  autoscalerStrategy,
  budgetStrategy,
  coreEventStrategy,
  eventStrategy,
  leaseStrategy,
  secretStrategy,
  serviceStrategy,
} from './plain.ts';
import { podStrategy } from './pods.ts';

const STRATEGIES: ReadonlyMap<string, Strategy> = new Map([
  ['/namespaces', namespaceStrategy],
  ['/pods', podStrategy],
  ['/secrets', secretStrategy],
  ['/services', serviceStrategy],
  ['/events', coreEventStrategy],
  ['events.k8s.io/events', eventStrategy],
  ['apps/deployments', deploymentStrategy],
  ['apps/replicasets', replicaSetStrategy],
  ['policy/poddisruptionbudgets', budgetStrategy],
  ['autoscaling/horizontalpodautoscalers', autoscalerStrategy],
  ['coordination.k8s.io/leases', leaseStrategy],
  ['apiextensions.k8s.io/customresourcedefinitions', definitionStrategy],
]);

/** What a built-in kind does when it is written. */
export function strategyOf(group: string, resource: string): Strategy {
  return STRATEGIES.get(`${group}/${resource}`) ?? {};
}
