import type { Json, JsonObject } from '../../patch/json.ts';
import {
  ageCell,
  at,
  containerCells,
  listAt,
  nameOf,
  numberAt,
  objectAt,
  selectorText,
  textAt,
} from '../read.ts';
import { AGE, column, INTEGER, NAME, type TableFormat, WIDE } from '../table.ts';

const TEMPLATE_COLUMNS = [
  column('Containers', 'Names of each container in the template.', WIDE),
  column('Images', 'Images referenced by each container in the template.', WIDE),
  column('Selector', 'Label selector for pods.', WIDE),
];

function templateCells(object: JsonObject): readonly Json[] {
  return [...containerCells(object), selectorText(objectAt(object, 'spec', 'selector'))];
}

export const deploymentFormat: TableFormat = {
  columns: [
    NAME,
    column('Ready', 'Number of the pods with ready state.'),
    column('Up-to-date', 'Number of pods that have the desired template.'),
    column('Available', 'Number of available pods.'),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
  cells: (deployment, now) => [
    nameOf(deployment),
    `${numberAt(deployment, 'status', 'readyReplicas')}/${numberAt(deployment, 'spec', 'replicas')}`,
    numberAt(deployment, 'status', 'updatedReplicas'),
    numberAt(deployment, 'status', 'availableReplicas'),
    ageCell(deployment, now),
    ...templateCells(deployment),
  ],
};

export const replicaSetFormat: TableFormat = {
  columns: [
    NAME,
    column('Desired', 'The number of desired pods.', INTEGER),
    column('Current', 'The most recently observed number of pods.', INTEGER),
    column('Ready', 'The number of pods with a Ready condition.', INTEGER),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
  cells: (set, now) => [
    nameOf(set),
    numberAt(set, 'spec', 'replicas'),
    numberAt(set, 'status', 'replicas'),
    numberAt(set, 'status', 'readyReplicas'),
    ageCell(set, now),
    ...templateCells(set),
  ],
};

export const podDisruptionBudgetFormat: TableFormat = {
  columns: [
    NAME,
    column('Min Available', 'The minimum number of pods that must be available.'),
    column('Max Unavailable', 'The maximum number of pods that may be unavailable.'),
    column('Allowed Disruptions', 'How many pods may be disrupted at this time.', INTEGER),
    AGE,
  ],
  cells: (budget, now) => [
    nameOf(budget),
    numberOrPercent(at(budget, 'spec', 'minAvailable')),
    numberOrPercent(at(budget, 'spec', 'maxUnavailable')),
    numberAt(budget, 'status', 'disruptionsAllowed'),
    ageCell(budget, now),
  ],
};

function numberOrPercent(value: Json | undefined): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'N/A';
}

export const horizontalPodAutoscalerFormat: TableFormat = {
  columns: [
    NAME,
    column('Reference', 'The resource whose replicas are changed.'),
    column('Targets', 'What the number of replicas follows: current and wanted values.'),
    column('MinPods', 'The lower limit for the number of pods.'),
    column('MaxPods', 'The upper limit for the number of pods.'),
    column('Replicas', 'The current number of pods.'),
    AGE,
  ],
  cells: (scaler, now) => [
    nameOf(scaler),
    `${textAt(scaler, 'spec', 'scaleTargetRef', 'kind')}/${textAt(scaler, 'spec', 'scaleTargetRef', 'name')}`,
    targets(scaler),
    String(at(scaler, 'spec', 'minReplicas') ?? '<unset>'),
    numberAt(scaler, 'spec', 'maxReplicas'),
    numberAt(scaler, 'status', 'currentReplicas'),
    ageCell(scaler, now),
  ],
};

/** Metrics a table shows before it says how many more there are. */
const SHOWN_METRICS = 2;

function targets(scaler: JsonObject): string {
  const metrics = listAt(scaler, 'spec', 'metrics');
  if (metrics.length === 0) return '<none>';
  const current = listAt(scaler, 'status', 'currentMetrics');
  const texts = metrics.map((metric, index) => targetText(metric, current[index]));
  const shown = texts.slice(0, SHOWN_METRICS).join(', ');
  return texts.length > SHOWN_METRICS
    ? `${shown} + ${texts.length - SHOWN_METRICS} more...`
    : shown;
}

function targetText(metric: Json, current: Json | undefined): string {
  const name = textAt(metric, 'resource', 'name');
  if (name === '') return `<unknown>/${wanted(objectAt(metric, 'pods'))}`;
  const value = objectAt(current, 'resource', 'current');
  const utilization = at(value, 'averageUtilization');
  const now =
    utilization === undefined ? textAt(value, 'averageValue') || '<unknown>' : `${utilization}%`;
  return `${name}: ${now}/${wanted(objectAt(metric, 'resource'))}`;
}

function wanted(source: JsonObject): string {
  const utilization = at(source, 'target', 'averageUtilization');
  if (utilization !== undefined) return `${utilization}%`;
  return textAt(source, 'target', 'averageValue') || textAt(source, 'target', 'value') || '<auto>';
}
