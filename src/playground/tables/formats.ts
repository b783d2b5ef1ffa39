import { customResourceFormat } from './custom-columns.ts';
import {
  customResourceDefinitionFormat,
  leaseFormat,
  namespaceFormat,
  nodeFormat,
  serviceFormat,
} from './kinds/cluster.ts';
import { configMapFormat, secretFormat, serviceAccountFormat } from './kinds/data.ts';
import { eventFormat } from './kinds/events.ts';
import { podFormat } from './kinds/pods.ts';
import {
  deploymentFormat,
  horizontalPodAutoscalerFormat,
  podDisruptionBudgetFormat,
  replicaSetFormat,
} from './kinds/workloads.ts';
import type { TableFormat } from './table.ts';

const BUILT_IN: ReadonlyMap<string, TableFormat> = new Map([
  ['/pods', podFormat],
  ['/namespaces', namespaceFormat],
  ['/nodes', nodeFormat],
  ['/services', serviceFormat],
  ['/configmaps', configMapFormat],
  ['/secrets', secretFormat],
  ['/serviceaccounts', serviceAccountFormat],
  ['/events', eventFormat],
  ['events.k8s.io/events', eventFormat],
  ['apps/deployments', deploymentFormat],
  ['apps/replicasets', replicaSetFormat],
  ['policy/poddisruptionbudgets', podDisruptionBudgetFormat],
  ['autoscaling/horizontalpodautoscalers', horizontalPodAutoscalerFormat],
  ['coordination.k8s.io/leases', leaseFormat],
  ['apiextensions.k8s.io/customresourcedefinitions', customResourceDefinitionFormat],
]);

/**
 * The table of a built-in resource; Name and Age for one that has no columns of its own. Custom
 * resources have theirs by {@link customResourceFormat}.
 * @param group empty for the core group
 */
export function builtInFormat(group: string, plural: string): TableFormat {
  return BUILT_IN.get(`${group}/${plural}`) ?? customResourceFormat(undefined);
}
