/** Why an occasion passed without anything being done: the closed list that metrics and status share. */
export const SKIP_REASONS = [
  'BelowMinReplicas',
  'ClaimLost',
  'EmptySelector',
  'MetricsStale',
  'MetricsUnavailable',
  'NamespaceOptedOut',
  'NamespaceProtected',
  'NoReadyPods',
  'NothingToChange',
  'NotSynced',
  'Stopped',
  'TargetMissing',
  'TargetTerminating',
  'VictimGone',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What made an occasion fail: the closed list that metrics and status share. */
export const FAILURE_REASONS = [
  'Forbidden',
  'InternalError',
  'NotClaimed',
  'Refused',
  'Unreachable',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export const CONDITION_TYPES = ['Accepted', 'TargetFound', 'Active', 'Autoscaled'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** The reasons that conditions are written with, for each type. */
export const CONDITION_REASONS = {
  Accepted: ['Valid', 'ValidWithWarnings', 'Invalid'],
  TargetFound: ['Found', 'NotFound', 'Terminating', 'NotSynced'],
  Active: [
    'Running',
    'NotAccepted',
    'Disabled',
    'DeploymentTaken',
    'TargetMissing',
    'EmptySelector',
    'UnreadableSelector',
    'NamespaceOptedOut',
    'NamespaceProtected',
    'InternalError',
  ],
  Autoscaled: ['HorizontalPodAutoscalerFound', 'NoHorizontalPodAutoscaler'],
} as const satisfies Readonly<Record<ConditionType, readonly string[]>>;

export type ConditionReason<T extends ConditionType = ConditionType> =
  (typeof CONDITION_REASONS)[T][number];
