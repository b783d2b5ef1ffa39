import { fieldOf, type JsonObject, objectOf } from '../patch/json.ts';
import { type ResourceType, specDiffers } from '../storage/resource-type.ts';
import { listAt, textAt } from '../tables/read.ts';

/** What a pod is granted that says nothing itself. */
const DEFAULT_GRACE_SECONDS = 30;

/** How built-in resources differ in the store, by `group/resource`; others are plain. */
const SPECIAL: ReadonlyMap<string, Partial<ResourceType>> = new Map([
  [
    '/namespaces',
    {
      isHeld: (namespace: JsonObject) => listAt(namespace, 'spec', 'finalizers').length > 0,
      whenDeletionBegins: (namespace: JsonObject) => ({
        ...namespace,
        status: { ...objectOf(namespace, 'status'), phase: 'Terminating' },
      }),
    },
  ],
  ['/pods', { bumpsGeneration: podSpecDiffers, gracePeriodSeconds: podGrace }],
  ['apps/deployments', { bumpsGeneration: specDiffers }],
  ['apps/replicasets', { bumpsGeneration: specDiffers }],
  ['policy/poddisruptionbudgets', { bumpsGeneration: specDiffers }],
  ['apiextensions.k8s.io/customresourcedefinitions', { bumpsGeneration: specDiffers }],
]);

/** How the store treats a built-in resource. */
export function specialType(group: string, resource: string): Partial<ResourceType> {
  return SPECIAL.get(`${group}/${resource}`) ?? {};
}

function podGrace(pod: JsonObject, asked: number | undefined): number {
  const phase = textAt(pod, 'status', 'phase');
  if (textAt(pod, 'spec', 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed')
    return 0;
  const own = fieldOf(objectOf(pod, 'spec') ?? {}, 'terminationGracePeriodSeconds');
  const seconds = asked ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS);
  return seconds < 0 ? 1 : seconds;
}

/** A pod that is given a node is still the pod that was asked for. */
function podSpecDiffers(before: JsonObject, after: JsonObject): boolean {
  const withoutNode = (pod: JsonObject): JsonObject => {
    const { nodeName: _nodeName, ...spec } = objectOf(pod, 'spec') ?? {};
    return { ...pod, spec };
  };
  return specDiffers(withoutNode(before), withoutNode(after));
}
