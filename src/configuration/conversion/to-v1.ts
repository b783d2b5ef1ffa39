import { ChaosError } from '../../runtime/errors.ts';
import { V1 } from '../api.ts';
import { type JsonObject, objectOrEmpty, property } from '../json.ts';
import { typeErrors, wellTyped } from '../schema/schema-errors.ts';
import { type V1Spec, v1SpecSchema } from '../schema/v1-spec.ts';
import { v1StatusSchema } from '../schema/v1-status.ts';
import { V1ALPHA1_DEFAULTS, type V1Alpha1Spec, v1alpha1SpecSchema } from '../schema/v1alpha1.ts';
import { canonicalTimeout, specToV1Alpha1 } from './to-v1alpha1.ts';
import { readV1Fields, withoutV1Fields } from './v1-fields.ts';

type DefaultedSpec = V1Alpha1Spec & Required<Omit<V1Alpha1Spec, 'deploymentName'>>;

/** Which v1 field each v1alpha1 field becomes. */
const COUNTERPARTS = [
  ['enabled', 'enabled'],
  ['minReplicas', 'minReplicas'],
  ['maxReplicas', 'maxReplicas'],
  ['deploymentName', 'deployment'],
  ['podMode', 'scalingMode'],
  ['timeout', 'timeout'],
] as const satisfies readonly (readonly [keyof V1Alpha1Spec, keyof V1Spec])[];

/**
 * The v1 form of a v1alpha1 object. Where it came from a v1 object (its annotation says so), each field that
 * was not changed since takes the value it had there, the status too; what was changed wins.
 *
 * @throws ChaosError ERR_CONVERSION_INVALID naming each field of a wrong type
 */
export function toV1(object: JsonObject): JsonObject {
  const { spec, status: _, ...rest } = object;
  const metadata = objectOrEmpty(property(object, 'metadata'));
  const carried = readV1Fields(metadata);
  return {
    ...rest,
    apiVersion: V1,
    metadata: withoutV1Fields(metadata),
    ...(spec !== undefined && { spec: specToV1(spec, carried.spec) }),
    ...(carried.status !== undefined && { status: wellTyped(v1StatusSchema, carried.status) }),
  };
}

function specToV1(raw: unknown, carried: JsonObject | undefined): JsonObject {
  const spec = readSpec(raw);
  const fresh: JsonObject = { ...plainSpecToV1(spec) };
  if (carried === undefined) return fresh;
  const original = wellTyped(v1SpecSchema, carried);
  const before = specToV1Alpha1(original);
  const changed = COUNTERPARTS.filter(([old]) => spec[old] !== before[old]).map(([, now]) => now);
  const kept = Object.entries(original).filter(([key]) => !changed.some((other) => other === key));
  const taken = changed.filter((key) => key in fresh).map((key) => [key, fresh[key]] as const);
  return Object.fromEntries([...kept, ...taken]);
}

function plainSpecToV1(spec: DefaultedSpec): V1Spec {
  const { enabled, minReplicas, maxReplicas, deploymentName } = spec;
  return {
    enabled,
    minReplicas,
    maxReplicas,
    scalingMode: spec.podMode ? 'killPod' : 'randomScale',
    ...(deploymentName !== undefined && { deployment: { name: deploymentName } }),
    timeout: canonicalTimeout(spec.timeout),
  };
}

/** With the defaults that the API server fills in, which it has not where it converts parts of an object. */
function readSpec(raw: unknown): DefaultedSpec {
  if (isTyped(raw)) return { ...V1ALPHA1_DEFAULTS, ...raw };
  const errors = typeErrors(v1alpha1SpecSchema, raw, 'spec');
  throw new ChaosError('ERR_CONVERSION_INVALID', errors.join('; '));
}

/** Whether the types are right; an object made as v1 may be beyond the limits of v1alpha1. */
function isTyped(raw: unknown): raw is V1Alpha1Spec {
  return typeErrors(v1alpha1SpecSchema, raw, 'spec').length === 0;
}
