import { describeError } from '../runtime/errors.ts';
import { formatGoDuration, parseGoDuration } from '../runtime/go-duration.ts';
import { objectOrEmpty, property, stringOrEmpty } from './json.ts';
import { fieldError, schemaErrors } from './schema/schema-errors.ts';
import { SCALING_MODES, type ScalingMode, type V1Spec, v1SpecSchema } from './schema/v1-spec.ts';
import { v1SpecValidator } from './schema/validators.ts';

/** Used when a configuration has no timeout, or one that nobody can read. */
export const DEFAULT_TIMEOUT_MS = 600_000;

/** The shortest time between two disturbances. */
export const SHORTEST_TIMEOUT_MS = 1_000;

/** A spec that can be worked with, defaults applied. */
export interface AcceptedSpec {
  readonly enabled: boolean;
  readonly mode: ScalingMode;
  readonly deploymentName: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly timeoutMs: number;
  readonly restoreReplicas: boolean;
  /** Never empty. */
  readonly seed?: string;
}

export type SpecReading =
  | {
      readonly ok: true;
      readonly spec: AcceptedSpec;
      /** What was replaced by a default, each naming the field. */
      readonly warnings: readonly string[];
    }
  | {
      readonly ok: false;
      /** At least one, each `field: expected …, got …`. */
      readonly errors: readonly string[];
    };

/** A Deployment's `spec.replicas` is a 32-bit number. */
const MOST_REPLICAS = 2 ** 31 - 1;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;

/**
 * Reads the `spec` of a stored v1 object for what it means. Whatever is stored is answered: an object from
 * before the CRD was tightened may hold anything. Never throws.
 */
export function readSpec(raw: unknown): SpecReading {
  if (!v1SpecValidator.Check(raw))
    return { ok: false, errors: schemaErrors(v1SpecSchema, raw, 'spec') };
  const errors = [...modeErrors(raw), ...nameErrors(raw), ...replicaErrors(raw)];
  const timeout = readTimeout(raw.timeout);
  if (timeout.error !== undefined) errors.push(timeout.error);
  const { scalingMode: mode, deployment, minReplicas, maxReplicas, seed } = raw;
  const deploymentName = deployment?.name;
  const incomplete =
    mode === undefined ||
    deploymentName === undefined ||
    minReplicas === undefined ||
    maxReplicas === undefined;
  if (errors.length > 0 || incomplete) return { ok: false, errors };
  const spec = {
    enabled: raw.enabled ?? false,
    mode,
    deploymentName,
    minReplicas,
    maxReplicas,
    timeoutMs: timeout.timeoutMs,
    restoreReplicas: raw.restoreReplicas ?? true,
    ...(seed !== undefined && seed !== '' && { seed }),
  };
  return { ok: true, spec, warnings: timeout.warning === undefined ? [] : [timeout.warning] };
}

/** The name of the deployment in a spec that may be anything; undefined when there is none. */
export function targetName(spec: unknown): string | undefined {
  const deployment = objectOrEmpty(property(objectOrEmpty(spec), 'deployment'));
  return stringOrEmpty(property(deployment, 'name')) || undefined;
}

function modeErrors({ scalingMode }: V1Spec): string[] {
  if (scalingMode !== undefined) return [];
  return [fieldError('spec.scalingMode', `one of ${SCALING_MODES.join(', ')}`, scalingMode)];
}

function nameErrors({ deployment }: V1Spec): string[] {
  const name = deployment?.name;
  if (name !== undefined && name.length <= LONGEST_NAME && DNS_SUBDOMAIN.test(name)) return [];
  const expected = `a name of at most ${LONGEST_NAME} lower-case letters, digits, "-" and "."`;
  const got = fieldError('spec.deployment.name', expected, name);
  return [
    name !== undefined && name.length > LONGEST_NAME ? `${got} (${name.length} characters)` : got,
  ];
}

function replicaErrors({ minReplicas, maxReplicas }: V1Spec): string[] {
  const errors = [
    ...rangeErrors('spec.minReplicas', minReplicas),
    ...rangeErrors('spec.maxReplicas', maxReplicas),
  ];
  if (errors.length > 0 || minReplicas === undefined || maxReplicas === undefined) return errors;
  if (minReplicas <= maxReplicas) return [];
  return [fieldError('spec.minReplicas', `at most maxReplicas (${maxReplicas})`, minReplicas)];
}

function rangeErrors(field: string, value: number | undefined): string[] {
  if (value !== undefined && value >= 0 && value <= MOST_REPLICAS) return [];
  return [fieldError(field, `an integer from 0 to ${MOST_REPLICAS}`, value)];
}

interface TimeoutReading {
  readonly timeoutMs: number;
  readonly warning?: string;
  readonly error?: string;
}

function readTimeout(text: string | undefined): TimeoutReading {
  const instead = `using ${formatGoDuration(DEFAULT_TIMEOUT_MS)}`;
  if (text === undefined) {
    return { timeoutMs: DEFAULT_TIMEOUT_MS, warning: `spec.timeout: not set, ${instead}` };
  }
  try {
    const timeoutMs = parseGoDuration(text);
    if (timeoutMs >= SHORTEST_TIMEOUT_MS) return { timeoutMs };
    const expected = `a Go duration of at least ${formatGoDuration(SHORTEST_TIMEOUT_MS)}`;
    return { timeoutMs, error: fieldError('spec.timeout', expected, text) };
  } catch (error) {
    return {
      timeoutMs: DEFAULT_TIMEOUT_MS,
      warning: `spec.timeout: ${describeError(error)}; ${instead}`,
    };
  }
}
