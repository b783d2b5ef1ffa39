import { causeInvalid } from '../api/object-rules.ts';
import type { Strategy } from '../api/served-resource.ts';
import { isJsonObject, objectOf } from '../patch/json.ts';
import { namespaceOf } from '../storage/metadata.ts';
import { at, textAt } from '../tables/read.ts';
import { mapItems, mapObject, withFields } from './defaults.ts';
import { nonNegativeCauses, selectorCauses, specOf } from './pod-causes.ts';

export const secretStrategy: Strategy = {
  withDefaults: (secret) => {
    const { stringData, ...rest } = withFields(secret, { type: 'Opaque' });
    if (!isJsonObject(stringData)) return rest;
    const encoded = Object.entries(stringData).map(([key, value]) => [
      key,
      Buffer.from(String(value)).toString('base64'),
    ]);
    return { ...rest, data: { ...objectOf(rest, 'data'), ...Object.fromEntries(encoded) } };
  },
};

/** Services are stored; nothing answers at their addresses. */
export const serviceStrategy: Strategy = {
  withDefaults: (service) =>
    mapObject(service, 'spec', (spec) =>
      mapItems(
        withFields(spec, {
          type: 'ClusterIP',
          sessionAffinity: 'None',
          internalTrafficPolicy: 'Cluster',
        }),
        'ports',
        (port) => withFields(port, { protocol: 'TCP', targetPort: port.port ?? 0 }),
      ),
    ),
  prepareForCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),
};

export const budgetStrategy: Strategy = {
  prepareForCreate: (budget) => ({
    ...budget,
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }),
  validate: (budget) => {
    const spec = specOf(budget);
    const { minAvailable = null, maxUnavailable = null } = spec;
    const shown = {
      MinAvailable: minAvailable,
      Selector: spec.selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    const both = minAvailable !== null && maxUnavailable !== null;
    return [
      ...(both
        ? [causeInvalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set')]
        : []),
      ...nonNegativeCauses(spec, 'minAvailable', 'spec'),
      ...nonNegativeCauses(spec, 'maxUnavailable', 'spec'),
      ...selectorCauses(objectOf(spec, 'selector') ?? {}, 'spec.selector'),
    ];
  },
};

export const autoscalerStrategy: Strategy = {
  withDefaults: (autoscaler) =>
    mapObject(autoscaler, 'spec', (spec) =>
      withFields(spec, { minReplicas: 1, metrics: [DEFAULT_METRIC] }),
    ),
  prepareForCreate: (autoscaler) => ({
    ...autoscaler,
    status: { desiredReplicas: 0, currentMetrics: null },
  }),
  validate: ({ spec = null }) => {
    const max = at(spec, 'maxReplicas');
    return typeof max === 'number' && max >= 1
      ? []
      : [causeInvalid('spec.maxReplicas', max ?? 0, 'must be greater than 0')];
  },
};

const DEFAULT_METRIC = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

export const leaseStrategy: Strategy = {
  allowsCreateOnUpdate: true,
  validate: (lease) => {
    const seconds = at(lease, 'spec', 'leaseDurationSeconds');
    return typeof seconds === 'number' && seconds <= 0
      ? [causeInvalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
      : [];
  },
};

export const coreEventStrategy: Strategy = {
  allowsCreateOnUpdate: true,
  withDefaults: (event) =>
    withFields(event, {
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    }),
  validate: (event) => {
    const about = textAt(event, 'involvedObject', 'namespace');
    const fits = about === namespaceOf(event) || (about === '' && namespaceOf(event) === 'default');
    return fits
      ? []
      : [causeInvalid('involvedObject.namespace', about, 'does not match event.namespace')];
  },
};

export const eventStrategy: Strategy = {
  allowsCreateOnUpdate: true,
  withDefaults: (event) =>
    withFields(event, {
      deprecatedSource: {},
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
    }),
  validate: (event) => {
    const about = textAt(event, 'regarding', 'namespace');
    const fits = about === namespaceOf(event) || (about === '' && namespaceOf(event) === 'default');
    return fits
      ? []
      : [causeInvalid('involvedObject.namespace', about, 'does not match event.namespace')];
  },
  validateCreate: (event) => {
    const required = ['eventTime'].filter((field) => textAt(event, field) === '');
    const type = textAt(event, 'type');
    const filled = ['reportingController', 'reportingInstance', 'action', 'reason'];
    return [
      ...required.map((field) => ({
        reason: 'FieldValueRequired',
        message: 'Required value',
        field,
      })),
      ...filled
        .filter((field) => required.length === 0 && textAt(event, field) === '')
        .map((field) => ({ reason: 'FieldValueRequired', message: 'Required value', field })),
      ...(type === 'Normal' || type === 'Warning'
        ? []
        : [causeInvalid('type', type, `has invalid value: ${type}`)]),
    ];
  },
};
