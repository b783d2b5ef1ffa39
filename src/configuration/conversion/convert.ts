import { ChaosError } from '../../runtime/errors.ts';
import { KIND, V1, V1ALPHA1 } from '../api.ts';
import { isJsonObject, type JsonObject, objectOrEmpty, property } from '../json.ts';
import { quote } from '../schema/schema-errors.ts';
import { toV1 } from './to-v1.ts';
import { toV1Alpha1 } from './to-v1alpha1.ts';

export type ConfigurationVersion = typeof V1 | typeof V1ALPHA1;

export function isConfigurationVersion(value: unknown): value is ConfigurationVersion {
  return value === V1 || value === V1ALPHA1;
}

/**
 * One ChaosMonkeyConfiguration in the wanted version; itself when it is of that version. Nothing but its
 * apiVersion, spec, status and annotations changes.
 *
 * @throws ChaosError ERR_CONVERSION_INVALID, naming the object
 */
export function convertConfiguration(raw: unknown, wanted: ConfigurationVersion): JsonObject {
  if (!isJsonObject(raw)) throw invalid(`expected an object, got ${quote(raw)}`);
  const apiVersion = property(raw, 'apiVersion');
  const kind = property(raw, 'kind');
  const named = (message: string) => `${nameOf(raw)}: ${message}`;
  if (!isConfigurationVersion(apiVersion))
    throw invalid(named(`Wrong APIVersion: ${shown(apiVersion)}`));
  if (kind !== KIND) throw invalid(named(`Wrong Kind: ${shown(kind)}`));
  if (apiVersion === wanted) return raw;
  try {
    return wanted === V1 ? toV1(raw) : toV1Alpha1(raw);
  } catch (error) {
    if (!(error instanceof ChaosError)) throw error;
    throw new ChaosError(error.code, named(error.message), { cause: error.cause });
  }
}

/** A text as it is, as the old program said it; anything else as JSON. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : quote(value);
}

/** `namespace/name`, as far as there is one. */
function nameOf(object: JsonObject): string {
  const metadata = objectOrEmpty(property(object, 'metadata'));
  const parts = [property(metadata, 'namespace'), property(metadata, 'name')];
  const known = parts.filter((part) => typeof part === 'string' && part !== '');
  return known.length === 0 ? 'an object without a name' : known.join('/');
}

function invalid(message: string): ChaosError {
  return new ChaosError('ERR_CONVERSION_INVALID', message);
}
