import { causeInvalid, causeRequired } from '../api/object-rules.ts';
import type { Strategy } from '../api/served-resource.ts';
import { equalJson, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { objectAt, textAt } from '../tables/read.ts';
import { matchesSelector } from '../workloads/label-selector.ts';
import { mapObject, withFields } from './defaults.ts';
import {
  isFilled,
  nonNegativeCauses,
  podSpecCauses,
  selectorCauses,
  specOf,
} from './pod-causes.ts';
import { withPodSpecDefaults } from './pod-template.ts';

const ROLLING = { maxUnavailable: '25%', maxSurge: '25%' };

export const deploymentStrategy: Strategy = {
  withDefaults: (deployment) =>
    mapObject(deployment, 'spec', (spec) =>
      withTemplateDefaults(
        mapObject(
          withFields(spec, {
            replicas: 1,
            strategy: { type: 'RollingUpdate' },
            revisionHistoryLimit: 10,
            progressDeadlineSeconds: 600,
          }),
          'strategy',
          withStrategyDefaults,
        ),
      ),
    ),
  bumpsGeneration: (before, after) =>
    !equalJson(
      objectAt(before, 'metadata', 'annotations'),
      objectAt(after, 'metadata', 'annotations'),
    ),
  prepareForCreate: (deployment) => ({ ...deployment, status: {} }),
  validate: (deployment) => [
    ...nonNegativeCauses(specOf(deployment), 'replicas', 'spec'),
    ...workloadCauses(deployment, 'deployment'),
    ...strategyCauses(objectAt(deployment, 'spec', 'strategy')),
  ],
  validateUpdate: selectorIsImmutable,
};

export const replicaSetStrategy: Strategy = {
  withDefaults: (set) =>
    mapObject(set, 'spec', (spec) => withTemplateDefaults(withFields(spec, { replicas: 1 }))),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  validate: (set) => [
    ...nonNegativeCauses(specOf(set), 'replicas', 'spec'),
    ...workloadCauses(set, 'replicaset'),
  ],
  validateUpdate: selectorIsImmutable,
};

function withTemplateDefaults(spec: JsonObject): JsonObject {
  return mapObject(spec, 'template', (template) =>
    mapObject(template, 'spec', withPodSpecDefaults),
  );
}

function withStrategyDefaults(strategy: JsonObject): JsonObject {
  const typed = withFields(strategy, { type: 'RollingUpdate' });
  if (typed.type !== 'RollingUpdate') return typed;
  return { ...typed, rollingUpdate: withFields(objectOf(typed, 'rollingUpdate') ?? {}, ROLLING) };
}

function strategyCauses(strategy: JsonObject): readonly StatusCause[] {
  const type = textAt(strategy, 'type');
  if (type === 'RollingUpdate') return [];
  if (type !== 'Recreate') {
    const message = `Unsupported value: ${JSON.stringify(type)}: supported values: "Recreate", "RollingUpdate"`;
    return [{ reason: 'FieldValueNotSupported', message, field: 'spec.strategy.type' }];
  }
  const message = "Forbidden: may not be specified when strategy `type` is 'Recreate'";
  return strategy.rollingUpdate === undefined
    ? []
    : [{ reason: 'FieldValueForbidden', message, field: 'spec.strategy.rollingUpdate' }];
}

/** Selector and template of a deployment or ReplicaSet. */
function workloadCauses(object: JsonObject, kind: string): readonly StatusCause[] {
  const selector = objectOf(specOf(object), 'selector');
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels');
  const shown: Json = Object.keys(labels).length === 0 ? null : labels;
  const wrong = selector ? selectorCauses(selector, 'spec.selector') : [];
  const matches = selector !== undefined && matchesSelector(selector, labels);
  return [
    ...(selector ? wrong : [causeRequired('spec.selector')]),
    ...(selector && !isFilled(selector)
      ? [causeInvalid('spec.selector', selector, `empty selector is invalid for ${kind}`)]
      : []),
    ...(matches || wrong.length > 0
      ? []
      : [
          causeInvalid(
            'spec.template.metadata.labels',
            shown,
            '`selector` does not match template `labels`',
          ),
        ]),
    ...podSpecCauses(
      withPodSpecDefaults(objectAt(object, 'spec', 'template', 'spec')),
      'spec.template.spec',
      ['Always'],
    ),
  ];
}

function selectorIsImmutable(before: JsonObject, after: JsonObject): readonly StatusCause[] {
  const [old, now] = [objectAt(before, 'spec', 'selector'), objectAt(after, 'spec', 'selector')];
  return equalJson(old, now) ? [] : [causeInvalid('spec.selector', now, 'field is immutable')];
}
