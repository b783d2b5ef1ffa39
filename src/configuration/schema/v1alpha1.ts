import { type Static, Type } from 'typebox';
import { type Immutable, MIN_UP_TO_MAX, rules } from './kubernetes-keywords.ts';

/** What the API server fills in where a v1alpha1 spec says nothing. */
export const V1ALPHA1_DEFAULTS = {
  enabled: true,
  minReplicas: 0,
  maxReplicas: 5,
  podMode: true,
  timeout: '30s',
} as const;

/** `spec` of the deprecated v1alpha1. */
export const v1alpha1SpecSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({
        default: V1ALPHA1_DEFAULTS.enabled,
        description: 'Whether the deployment is disturbed. Default: true.',
      }),
    ),
    minReplicas: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: V1ALPHA1_DEFAULTS.minReplicas,
        description: 'Fewest replicas that the deployment is scaled to. Default: 0.',
      }),
    ),
    maxReplicas: Type.Optional(
      Type.Integer({
        maximum: 10,
        default: V1ALPHA1_DEFAULTS.maxReplicas,
        description: 'Most replicas that the deployment is scaled to, up to 10. Default: 5.',
      }),
    ),
    deploymentName: Type.Optional(
      Type.String({
        description: 'Name of the deployment to disturb, in the namespace of this object.',
      }),
    ),
    podMode: Type.Optional(
      Type.Boolean({
        default: V1ALPHA1_DEFAULTS.podMode,
        description:
          'Set this to true to kill random pods, to false to scale to random replicas (killing is the better choice if a HorizontalPodAutoscaler scales the deployment). Default: true.',
      }),
    ),
    timeout: Type.Optional(
      Type.String({
        default: V1ALPHA1_DEFAULTS.timeout,
        description: 'Time between two disturbances: a Go duration such as 1m30s. Default: 30s.',
      }),
    ),
  },
  {
    description: 'What to disturb, how, and how often.',
    ...rules(MIN_UP_TO_MAX, {
      rule: "self.deploymentName != ''",
      message: 'deploymentName must not be empty',
    }),
  },
);

export type V1Alpha1Spec = Immutable<Static<typeof v1alpha1SpecSchema>>;

/** `status` of the deprecated v1alpha1, filled from that of v1. */
export const v1alpha1StatusSchema = Type.Object(
  {
    accepted: Type.Optional(Type.Boolean({ description: 'Whether the spec could be read.' })),
    lastExecution: Type.Optional(
      Type.String({ description: 'When the last occasion to disturb the deployment was.' }),
    ),
    lastKnownReplicas: Type.Optional(
      Type.Integer({
        description: 'The replicas that were found before the deployment was first scaled.',
      }),
    ),
  },
  { description: 'What the controller knows about this object.' },
);

export type V1Alpha1Status = Immutable<Static<typeof v1alpha1StatusSchema>>;
