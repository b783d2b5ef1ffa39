import { Type } from 'typebox';
import {
  ANYTHING,
  count,
  flag,
  group,
  handedOn,
  item,
  listOf,
  oneOf,
  text,
  texts,
} from './kinds.ts';

const TOLERATION = item({
  key: Type.Optional(Type.String()),
  operator: Type.Optional(Type.Unsafe({ enum: ['Exists', 'Equal', 'Lt', 'Gt'] })),
  value: Type.Optional(Type.String()),
  effect: Type.Optional(Type.Unsafe({ enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] })),
  tolerationSeconds: Type.Optional(Type.Integer()),
});

const ENVIRONMENT = item({
  name: Type.String({ minLength: 1 }),
  value: Type.Optional(Type.String()),
  valueFrom: Type.Optional(ANYTHING),
});

const QUANTITIES = Type.Optional(
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
);

/** What runs, and under which names. */
export const installationValues = {
  image: group("Where the program's image comes from.", {
    repository: text('chaos-monkey', 'Repository, with its registry.', '^[^\\s@]+$'),
    tag: text('', "Tag; empty is the chart's appVersion.", '^[A-Za-z0-9_.-]*$'),
    digest: text(
      '',
      'Digest; given, it is used in place of the tag.',
      '^([A-Za-z0-9_+.-]+:[0-9a-fA-F]{32,})?$',
    ),
    pullPolicy: oneOf(
      ['IfNotPresent', 'Always', 'Never'],
      'IfNotPresent',
      'When a node fetches the image.',
    ),
  }),
  imagePullSecrets: listOf(
    item({ name: Type.String({ minLength: 1 }) }),
    [],
    'Secrets to fetch it with: a list of objects with a name.',
  ),
  fullnameOverride: text(
    '',
    "Name of the Deployment, the Service and all else; empty is made from the release's name.",
    '^([a-z]([-a-z0-9]*[a-z0-9])?)?$',
  ),
  replicas: count(
    2,
    'Pods of the controller. One acts, every one answers conversions, and another takes over within seconds.',
  ),
};

/** How its pods are made, and what surrounds them. */
export const podValues = {
  resources: {
    ...item({
      requests: QUANTITIES,
      limits: QUANTITIES,
      claims: Type.Optional(Type.Array(ANYTHING)),
    }),
    default: {
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: '512Mi' },
    },
    description:
      'What a pod asks for and is held to. There is no CPU limit: all it would do is make acts late.',
  },
  nodeSelector: texts({}, 'Labels that a node must have.'),
  tolerations: listOf(TOLERATION, [], 'Taints of nodes that are tolerated.'),
  affinity: handedOn({}, 'Affinity of the pods. They spread over nodes without it.'),
  priorityClassName: text('', 'Priority class of the pods.'),
  podAnnotations: texts({}, "Annotations of the pods, besides the chart's own for Prometheus."),
  podLabels: texts({}, "Labels of the pods, besides the chart's own."),
  commonLabels: texts({}, "Labels of everything that the chart makes, besides the chart's own."),
  extraEnv: listOf(
    ENVIRONMENT,
    [],
    "Environment of the container, after the chart's own entries: a list of objects with a name and a " +
      'value or valueFrom.',
  ),
  service: group(
    '80 is for health and metrics, 443 for conversions that the API server asks for.',
    {
      type: oneOf(['ClusterIP', 'NodePort', 'LoadBalancer'], 'ClusterIP', 'Type of the Service.'),
      annotations: texts({}, 'Annotations of the Service.'),
    },
  ),
  serviceAccount: group('The account that the program has at the API server.', {
    create: flag(true, 'Make it.'),
    name: text('', "Its name; empty is the Deployment's, or default where it is not made."),
    annotations: texts({}, 'Its annotations.'),
  }),
  rbac: group('What that account may do.', {
    create: flag(true, 'Make the roles and bind them; without, somebody else has to.'),
  }),
  podDisruptionBudget: group('Keeps a drain from taking both pods at once.', {
    enabled: flag(true, 'Make one.'),
  }),
};
