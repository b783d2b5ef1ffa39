import { type Static, Type } from 'typebox';
import type { Immutable } from './kubernetes-keywords.ts';

export const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const;
export type ConditionStatus = (typeof CONDITION_STATUSES)[number];

/** How an occasion ended; `Unknown` when the program ended between the claim and the outcome. */
export const OUTCOME_RESULTS = ['Acted', 'Skipped', 'Failed', 'Unknown'] as const;
export type OutcomeResult = (typeof OUTCOME_RESULTS)[number];

const generation = (description: string) =>
  Type.Integer({ format: 'int64', minimum: 0, description });

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** RFC 3339, written with milliseconds. */
const instant = (description: string) => Type.String({ format: 'date-time', description });

export const conditionSchema = Type.Object(
  {
    type: Type.String({
      description:
        'Accepted: the spec could be read. TargetFound: the deployment is there. Active: the deployment is being disturbed. Autoscaled: a HorizontalPodAutoscaler scales it too.',
    }),
    status: Type.Unsafe<ConditionStatus>({
      type: 'string',
      enum: [...CONDITION_STATUSES],
      description: 'Whether the condition holds: True, False or Unknown.',
    }),
    reason: Type.String({ description: 'Why, in one word for programs. Example: NotFound.' }),
    message: Type.String({ description: 'Why, for people.' }),
    lastTransitionTime: instant('When the status of the condition last changed.'),
    observedGeneration: Type.Optional(
      generation('The metadata.generation that the condition was computed from.'),
    ),
  },
  { description: 'One thing that is true or false about this object.' },
);

export const lastOutcomeSchema = Type.Object(
  {
    result: Type.Unsafe<OutcomeResult>({
      type: 'string',
      enum: [...OUTCOME_RESULTS],
      description:
        'Acted: the deployment was disturbed. Skipped: it was left alone on purpose. Failed: it could not be disturbed. Unknown: the controller ended in between; it is not repeated.',
    }),
    reason: Type.String({ description: 'Why, in one word for programs. Example: NoReadyPods.' }),
    message: Type.String({ description: 'What was done, or why nothing was, for people.' }),
    time: instant('When the outcome was known.'),
    tick: count('The occasion, counted as in ticks.'),
  },
  { description: 'What came of the last occasion whose outcome was written.' },
);

export const victimSchema = Type.Object(
  {
    kind: Type.String({ description: 'Kind of the object. Example: Pod.' }),
    name: Type.String({ description: 'Name of the object, in the same namespace.' }),
    uid: Type.Optional(Type.String({ description: 'UID of the object.' })),
  },
  { description: 'An object that was disturbed.' },
);

/** `status` of v1: the one source of its types, its checks and its part of the CRD. */
export const v1StatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(
      generation('The metadata.generation that the controller has read last.'),
    ),
    conditions: Type.Optional(
      Type.Array(conditionSchema, {
        description: 'What is true or false about this object; one entry for each type.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      }),
    ),
    seed: Type.Optional(
      Type.String({ description: 'The seed in use: spec.seed, or the one that was drawn.' }),
    ),
    ticks: Type.Optional(
      Type.Integer({
        format: 'int64',
        minimum: 0,
        description: 'How many occasions there were, whether something was done or not.',
      }),
    ),
    lastExecution: Type.Optional(instant('When the last occasion was.')),
    nextExecution: Type.Optional(
      instant('When the next occasion is due; absent while none is planned.'),
    ),
    lastOutcome: Type.Optional(lastOutcomeSchema),
    lastVictims: Type.Optional(
      Type.Array(victimSchema, {
        description: 'What was disturbed last, at most 10 objects.',
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
    originalReplicas: Type.Optional(
      count('With randomScale: the replicas found before the first scale, which are put back.'),
    ),
  },
  { description: 'What the controller knows about this object. Written by the controller alone.' },
);

export type V1Status = Immutable<Static<typeof v1StatusSchema>>;
export type Condition = Immutable<Static<typeof conditionSchema>>;
export type LastOutcome = Immutable<Static<typeof lastOutcomeSchema>>;
export type Victim = Immutable<Static<typeof victimSchema>>;
