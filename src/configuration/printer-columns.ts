/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'boolean' | 'integer' | 'string';
  readonly jsonPath: string;
  readonly description: string;
}

/** Scripts read the first five by position: new ones come after them. */
export const V1_COLUMNS: readonly PrinterColumn[] = [
  {
    name: 'Enabled',
    type: 'boolean',
    jsonPath: '.spec.enabled',
    description: 'Whether the deployment is disturbed',
  },
  {
    name: 'Scaling Mode',
    type: 'string',
    jsonPath: '.spec.scalingMode',
    description: 'What is done each time',
  },
  {
    name: 'Target Deployment',
    type: 'string',
    jsonPath: '.spec.deployment.name',
    description: 'The deployment that is disturbed',
  },
  {
    name: 'Min Replicas',
    type: 'integer',
    jsonPath: '.spec.minReplicas',
    description: 'Fewest replicas',
  },
  {
    name: 'Max Replicas',
    type: 'integer',
    jsonPath: '.spec.maxReplicas',
    description: 'Most replicas',
  },
  {
    name: 'Target',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="TargetFound")].status',
    description: 'Whether the deployment was found',
  },
  {
    // Not a date: kubectl shows the age of dates, and <invalid> for one that is still to come.
    name: 'Next',
    type: 'string',
    jsonPath: '.status.nextExecution',
    description: 'When the next occasion is due',
  },
  {
    name: 'Last',
    type: 'string',
    jsonPath: '.status.lastOutcome.result',
    description: 'What came of the last occasion',
  },
];

export const V1ALPHA1_COLUMNS: readonly PrinterColumn[] = [
  {
    name: 'Enabled',
    type: 'boolean',
    jsonPath: '.spec.enabled',
    description: 'Whether the deployment is disturbed',
  },
  {
    name: 'Deployment',
    type: 'string',
    jsonPath: '.spec.deploymentName',
    description: 'The deployment that is disturbed',
  },
  {
    name: 'Min Replicas',
    type: 'integer',
    jsonPath: '.spec.minReplicas',
    description: 'Fewest replicas',
  },
  {
    name: 'Max Replicas',
    type: 'integer',
    jsonPath: '.spec.maxReplicas',
    description: 'Most replicas',
  },
  {
    name: 'Disrupt Pods',
    type: 'boolean',
    jsonPath: '.spec.podMode',
    description: 'Whether pods are killed',
  },
];
