import type { JsonObject } from '../patch/json.ts';
import { at, textAt } from '../tables/read.ts';

type Fields = (object: JsonObject) => Readonly<Record<string, string>>;

const REFERENCE = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
];

const FIELDS: ReadonlyMap<string, Fields> = new Map([
  ['/namespaces', paths('status.phase')],
  [
    '/pods',
    (pod) => ({
      ...paths(
        'spec.nodeName',
        'spec.restartPolicy',
        'spec.schedulerName',
        'spec.serviceAccountName',
        'status.phase',
        'status.podIP',
        'status.nominatedNodeName',
      )(pod),
      'spec.hostNetwork': String(at(pod, 'spec', 'hostNetwork') === true),
    }),
  ],
  [
    '/nodes',
    (node) => ({ 'spec.unschedulable': String(at(node, 'spec', 'unschedulable') === true) }),
  ],
  ['/secrets', paths('type')],
  ['/services', paths('spec.clusterIP', 'spec.type')],
  [
    '/events',
    (event) => ({
      ...paths(...REFERENCE.map((field) => `involvedObject.${field}`), 'reason', 'type')(event),
      reportingComponent: textAt(event, 'reportingComponent'),
      source: textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
    }),
  ],
  [
    'events.k8s.io/events',
    paths(
      ...REFERENCE.map((field) => `regarding.${field}`),
      'reason',
      'type',
      'reportingController',
    ),
  ],
]);

/** The fields of a built-in kind that field selectors may name, besides name and namespace. */
export function selectableFields(group: string, resource: string): Fields {
  return FIELDS.get(`${group}/${resource}`) ?? (() => ({}));
}

function paths(...names: readonly string[]): Fields {
  const split = names.map((name) => [name, name.split('.')] as const);
  return (object) =>
    Object.fromEntries(split.map(([name, path]) => [name, textAt(object, ...path)]));
}
