import fc from 'fast-check';
import type { JsonObject } from '../../src/configuration/json.ts';
import { SCALING_MODES } from '../../src/configuration/schema/v1-spec.ts';
import { CONDITION_STATUSES, OUTCOME_RESULTS } from '../../src/configuration/schema/v1-status.ts';
import { CONDITION_TYPES } from '../../src/configuration/status.ts';
import { formatGoDuration } from '../../src/runtime/go-duration.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const key = fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'toString', 'ключ'));
const replicas = fc.oneof(fc.nat(12), fc.nat(2 ** 31 - 1));
const instant = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const duration = fc.oneof(
  fc.nat(10_000_000).map(formatGoDuration),
  fc.constantFrom('90s', '0.5h', '600s', '1h', '', 'soon', '-1s', '１０s'),
);

/** What v1 allows in a spec, each field there or not. */
export const v1Specs: fc.Arbitrary<JsonObject> = fc.record(
  {
    enabled: fc.boolean(),
    minReplicas: replicas,
    maxReplicas: replicas,
    scalingMode: fc.constantFrom(...SCALING_MODES),
    deployment: fc.record({ name: anyText }, { requiredKeys: [] }),
    timeout: duration,
    seed: anyText,
    restoreReplicas: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const condition = fc.record(
  {
    type: fc.constantFrom(...CONDITION_TYPES),
    status: fc.constantFrom(...CONDITION_STATUSES),
    reason: anyText,
    message: anyText,
    lastTransitionTime: instant,
    observedGeneration: fc.nat(),
  },
  {
    requiredKeys: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
    noNullPrototype: true,
  },
);

const lastOutcome = fc.record(
  {
    result: fc.constantFrom(...OUTCOME_RESULTS),
    reason: anyText,
    message: anyText,
    time: instant,
    tick: fc.nat(),
  },
  { noNullPrototype: true },
);

const victim = fc.record(
  { kind: fc.constant('Pod'), name: anyText, uid: fc.uuid() },
  { requiredKeys: ['kind', 'name'], noNullPrototype: true },
);

/** What v1 allows in a status, each field there or not. */
export const v1Statuses: fc.Arbitrary<JsonObject> = fc.record(
  {
    observedGeneration: fc.nat(),
    conditions: fc.uniqueArray(condition, { selector: ({ type }) => type }),
    seed: anyText,
    ticks: fc.nat(),
    lastExecution: instant,
    nextExecution: instant,
    lastOutcome,
    lastVictims: fc.array(victim, { maxLength: 3 }),
    originalReplicas: replicas,
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Never empty: the API server knows no empty ones. `__proto__` is an own key like any other. */
const textMap: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(key, anyText), { minLength: 1, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

const metadata = fc.record(
  {
    name: anyText,
    namespace: anyText,
    uid: fc.uuid(),
    resourceVersion: fc.nat().map(String),
    generation: fc.nat(),
    creationTimestamp: instant,
    labels: textMap,
    annotations: textMap,
    ownerReferences: fc.array(fc.record({ kind: anyText, uid: fc.uuid() }), { maxLength: 2 }),
    finalizers: fc.array(anyText, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['name', 'namespace', 'uid', 'resourceVersion'], noNullPrototype: true },
);

/** A ChaosMonkeyConfiguration as v1 may be stored. */
export const v1Configurations: fc.Arbitrary<JsonObject> = fc.record(
  {
    apiVersion: fc.constant('cm.massix.github.io/v1'),
    kind: fc.constant('ChaosMonkeyConfiguration'),
    metadata,
    spec: v1Specs,
    status: v1Statuses,
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'], noNullPrototype: true },
);

/** A ChaosMonkeyConfiguration as a v1alpha1 client may write it, defaults filled in, its timeout as Go writes it. */
export const v1alpha1Configurations: fc.Arbitrary<JsonObject> = fc.record(
  {
    apiVersion: fc.constant('cm.massix.github.io/v1alpha1'),
    kind: fc.constant('ChaosMonkeyConfiguration'),
    metadata,
    spec: fc.record(
      {
        enabled: fc.boolean(),
        minReplicas: fc.nat(10),
        maxReplicas: fc.nat(10),
        deploymentName: anyText,
        podMode: fc.boolean(),
        timeout: fc.nat(10_000_000).map(formatGoDuration),
      },
      {
        requiredKeys: ['enabled', 'minReplicas', 'maxReplicas', 'podMode', 'timeout'],
        noNullPrototype: true,
      },
    ),
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'], noNullPrototype: true },
);
