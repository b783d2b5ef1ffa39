import { GROUP, PLURAL } from '../configuration/api.ts';
import type { Verb } from '../kubernetes/client.ts';

/** Objects that are known by name when rights are given, so that the rights are on them alone. */
export type NamedObject =
  | 'lease'
  | 'deployment'
  | 'servingSecret'
  | 'authoritySecret'
  | 'definition'
  | 'namespace';

/**
 * Where a right holds:
 * - `cluster`: in the whole cluster, when it works in all namespaces;
 * - `targets`: in every namespace it works in (the whole cluster, or each of `--watch-namespaces`);
 * - `watched`: in each of `--watch-namespaces`, only when there are some;
 * - `own`: in the namespace the program runs in;
 * - `definition`: on cluster-scoped objects named in `objects`, in both forms.
 */
export type PermissionScope = 'cluster' | 'targets' | 'watched' | 'own' | 'definition';

/** A setting that a right is needed for. */
export type PermissionCondition = 'leaderElection' | 'conversion' | 'watchNamespaces';

/** One rule of RBAC that the controller needs. */
export interface Permission {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only these; absent: all. RBAC cannot restrict `create` and lists by name. */
  readonly objects?: readonly NamedObject[];
  readonly scope: PermissionScope;
  /** All of these; absent: always. */
  readonly when?: readonly PermissionCondition[];
  /** What it is needed for, as a sentence. */
  readonly why: string;
}

const WORKLOADS: readonly Permission[] = [
  {
    apiGroup: GROUP,
    resources: [PLURAL],
    verbs: ['get', 'list', 'watch'],
    scope: 'targets',
    why: 'What to disturb; one is read again when its status was changed by somebody else.',
  },
  {
    apiGroup: GROUP,
    resources: [`${PLURAL}/status`],
    verbs: ['patch'],
    scope: 'targets',
    why: 'Says what was done and what comes next.',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments'],
    verbs: ['get', 'list', 'watch', 'patch'],
    scope: 'targets',
    why: 'The targets; their annotation remembers the replicas to put back.',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments/scale'],
    verbs: ['update'],
    scope: 'targets',
    why: 'Mode randomScale changes replicas, and puts them back.',
  },
  {
    apiGroup: 'apps',
    resources: ['replicasets'],
    verbs: ['list', 'watch'],
    scope: 'targets',
    why: 'Tells which pods belong to a deployment.',
  },
  {
    apiGroup: '',
    resources: ['pods'],
    verbs: ['get', 'list', 'watch', 'delete'],
    scope: 'targets',
    why: 'The victims of the modes killPod and antiPressure.',
  },
  {
    apiGroup: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: ['list'],
    scope: 'targets',
    why: 'Warns when an autoscaler would undo what randomScale does.',
  },
  {
    apiGroup: 'metrics.k8s.io',
    resources: ['pods'],
    verbs: ['list'],
    scope: 'targets',
    why: 'Mode antiPressure kills the pod that uses most CPU.',
  },
  {
    apiGroup: '',
    resources: ['events'],
    verbs: ['create', 'patch'],
    scope: 'targets',
    why: 'Tells people what was done to their objects.',
  },
];

const NAMESPACES: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['list', 'watch'],
    scope: 'cluster',
    why: 'Labels of namespaces say which of them may be disturbed.',
  },
  {
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get'],
    objects: ['namespace'],
    scope: 'watched',
    when: ['watchNamespaces'],
    why: 'Its labels say whether it may be disturbed. A Role cannot allow to list or watch it.',
  },
];

const OWN: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['events'],
    verbs: ['create', 'patch'],
    scope: 'own',
    when: ['watchNamespaces', 'conversion'],
    why: 'Tells people what befell the certificates.',
  },
  {
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: ['create'],
    scope: 'own',
    when: ['leaderElection'],
    why: 'Replicas agree by a Lease on the one that acts. No name can be given for create.',
  },
  {
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: ['get', 'watch', 'patch'],
    objects: ['lease'],
    scope: 'own',
    when: ['leaderElection'],
    why: 'The leader renews its Lease and gives it away; the others look at it.',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments'],
    verbs: ['get'],
    objects: ['deployment'],
    scope: 'own',
    when: ['watchNamespaces'],
    why: 'Its Deployment owns the Lease and the Secrets, so that they go with it.',
  },
  {
    apiGroup: '',
    resources: ['secrets'],
    verbs: ['create'],
    scope: 'own',
    when: ['conversion'],
    why: 'The leader makes the certificates for conversion. No name can be given for create.',
  },
  {
    apiGroup: '',
    resources: ['secrets'],
    verbs: ['get', 'watch', 'patch'],
    objects: ['servingSecret'],
    scope: 'own',
    when: ['conversion'],
    why: 'The serving certificate: the leader renews it, and every replica serves with it.',
  },
  {
    apiGroup: '',
    resources: ['secrets'],
    verbs: ['get', 'patch'],
    objects: ['authoritySecret'],
    scope: 'own',
    when: ['conversion'],
    why: 'The key that signs it, which the leader alone reads.',
  },
];

const DEFINITION: readonly Permission[] = [
  {
    apiGroup: 'apiextensions.k8s.io',
    resources: ['customresourcedefinitions'],
    verbs: ['get', 'patch'],
    objects: ['definition'],
    scope: 'definition',
    when: ['conversion'],
    why: 'Enters in our definition by which Service and certificate the API server reaches the program.',
  },
];

/** Everything that the controller does at the API server, and no more: the chart's roles are made from it. */
export const permissions: readonly Permission[] = [
  ...NAMESPACES,
  ...WORKLOADS,
  ...OWN,
  ...DEFINITION,
];
