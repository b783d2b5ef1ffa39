import { type Static, Type } from 'typebox';
import { type Immutable, MIN_UP_TO_MAX, rules } from './kubernetes-keywords.ts';

/** The ways to disturb a deployment. */
export const SCALING_MODES = ['randomScale', 'antiPressure', 'killPod'] as const;
export type ScalingMode = (typeof SCALING_MODES)[number];

/** `spec` of v1: the one source of its types, its checks and its part of the CRD. Defaults are applied by code. */
export const v1SpecSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description:
          'Whether the deployment is disturbed. Absent means false: nothing happens until this is true.',
      }),
    ),
    minReplicas: Type.Optional(
      Type.Integer({
        description:
          'Fewest replicas. With randomScale the deployment is never scaled below; with antiPressure no pod is deleted when that would leave fewer ready pods; killPod ignores it. Example: 1.',
        ...rules({
          rule: 'self >= 0',
          message: 'minReplicas must be greater than or equal to 0',
        }),
      }),
    ),
    maxReplicas: Type.Optional(
      Type.Integer({
        description:
          'Most replicas that randomScale scales to; killPod and antiPressure ignore it. At least minReplicas. Example: 5.',
      }),
    ),
    scalingMode: Type.Optional(
      Type.Unsafe<ScalingMode>({
        type: 'string',
        enum: [...SCALING_MODES],
        description:
          'What is done each time. randomScale: scale to a random number of replicas between minReplicas and maxReplicas. killPod: delete a random ready pod. antiPressure: delete the ready pod that uses the most CPU (needs the metrics API).',
      }),
    ),
    deployment: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(
            Type.String({
              description: 'Name of the deployment. It may be created later. Example: web.',
              ...rules({ rule: "self != ''", message: 'deployment name must not be empty' }),
            }),
          ),
        },
        { description: 'The deployment to disturb, in the namespace of this object.' },
      ),
    ),
    timeout: Type.Optional(
      Type.String({
        description:
          'Time between two disturbances, and before the first one: a Go duration of at least 1s, such as 30s, 10m or 1h30m. Default: 10m.',
      }),
    ),
    seed: Type.Optional(
      Type.String({
        description:
          'Makes the choices repeatable: the same seed and the same pods give the same victims. Default: drawn at random and shown in status.seed. Example: monday.',
      }),
    ),
    restoreReplicas: Type.Optional(
      Type.Boolean({
        description:
          'With randomScale: whether the replicas found before the first scale are put back when this object is disabled, deleted or pointed elsewhere, or its namespace opts out. Default: true.',
      }),
    ),
  },
  {
    description: 'What to disturb, how, and how often.',
    ...rules(MIN_UP_TO_MAX),
  },
);

export type V1Spec = Immutable<Static<typeof v1SpecSchema>>;
