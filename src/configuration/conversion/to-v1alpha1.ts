import { formatGoDuration, parseGoDuration } from '../../runtime/go-duration.ts';
import { V1ALPHA1 } from '../api.ts';
import { isJsonObject, type JsonObject, objectOrEmpty, property } from '../json.ts';
import { DEFAULT_TIMEOUT_MS } from '../read-spec.ts';
import { wellTyped } from '../schema/schema-errors.ts';
import { type V1Spec, v1SpecSchema } from '../schema/v1-spec.ts';
import type { V1Alpha1Spec, V1Alpha1Status } from '../schema/v1alpha1.ts';
import { v1SpecValidator } from '../schema/validators.ts';
import { findCondition, parseStatus } from '../status.ts';
import { withV1Fields } from './v1-fields.ts';

/**
 * The v1alpha1 form of a v1 object, with everything that has no place there in an annotation.
 * Never fails: one object that did would make every v1alpha1 list of its namespace fail.
 */
export function toV1Alpha1(object: JsonObject): JsonObject {
  const { spec, status, ...rest } = object;
  const fields = { ...(isJsonObject(spec) && { spec }), ...(isJsonObject(status) && { status }) };
  const oldStatus = statusToV1Alpha1(status);
  return {
    ...rest,
    apiVersion: V1ALPHA1,
    metadata: withV1Fields(objectOrEmpty(property(object, 'metadata')), fields),
    ...(fields.spec !== undefined && { spec: specToV1Alpha1(fields.spec) }),
    ...(oldStatus !== undefined && { status: oldStatus }),
  };
}

/**
 * What a v1 spec reads as in v1alpha1. Every field that v1alpha1 has a default for is written out, because
 * an absent one would be given that default and mean something else.
 */
export function specToV1Alpha1(raw: JsonObject): V1Alpha1Spec {
  const spec = readableSpec(raw);
  const minReplicas = spec.minReplicas ?? 0;
  const deploymentName = spec.deployment?.name;
  return {
    enabled: spec.enabled ?? false,
    minReplicas,
    maxReplicas: spec.maxReplicas ?? minReplicas,
    ...(deploymentName !== undefined && { deploymentName }),
    podMode: spec.scalingMode === 'killPod',
    timeout: canonicalTimeout(spec.timeout),
  };
}

/** A timeout as Go writes it; 10m0s when it is missing or unreadable. */
export function canonicalTimeout(text: string | undefined): string {
  try {
    return formatGoDuration(text === undefined ? DEFAULT_TIMEOUT_MS : parseGoDuration(text));
  } catch {
    return formatGoDuration(DEFAULT_TIMEOUT_MS);
  }
}

/** Without the fields of wrong types, which were stored before the CRD was tightened. */
function readableSpec(raw: JsonObject): V1Spec {
  const spec = wellTyped(v1SpecSchema, raw);
  return v1SpecValidator.Check(spec) ? spec : {};
}

function statusToV1Alpha1(raw: unknown): V1Alpha1Status | undefined {
  const status = parseStatus(raw);
  const accepted = findCondition(status, 'Accepted')?.status;
  const { lastExecution, originalReplicas } = status;
  const converted = {
    ...(accepted !== undefined && accepted !== 'Unknown' && { accepted: accepted === 'True' }),
    ...(lastExecution !== undefined && { lastExecution }),
    ...(originalReplicas !== undefined && { lastKnownReplicas: originalReplicas }),
  };
  return Object.keys(converted).length === 0 ? undefined : converted;
}
