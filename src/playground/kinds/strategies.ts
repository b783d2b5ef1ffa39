import type { Strategy } from '../api/served-resource.ts';
import { definitionStrategy } from '../crd/definition-strategy.ts';
import { namespaceStrategy } from './namespaces.ts';

const STRATEGIES: ReadonlyMap<string, Strategy> = new Map([
  ['/namespaces', namespaceStrategy],
  ['apiextensions.k8s.io/customresourcedefinitions', definitionStrategy],
]);

/** What a built-in kind does when it is written. */
export function strategyOf(group: string, resource: string): Strategy {
  return STRATEGIES.get(`${group}/${resource}`) ?? {};
}
