import { equalJson, type JsonObject } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { at } from '../tables/read.ts';

/**
 * Whether an update may keep what a cause complains of, because it does not touch it: objects that were
 * stored before a schema was tightened can still be written elsewhere. An item of a list is the same only
 * where the whole list is. (kube-apiserver: CRDValidationRatcheting, on since 1.30)
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
 */
export function isRatcheted(
  { field = '', reason }: StatusCause,
  before: JsonObject | undefined,
  after: JsonObject,
): boolean {
  const [path = ''] = field.split('[');
  const keys = path.split('.').filter((key) => key !== '');
  // A field that is missing is a fault of what holds it.
  const place = reason === 'FieldValueRequired' ? keys.slice(0, -1) : keys;
  const value = at(after, ...place);
  return before !== undefined && value !== undefined && equalJson(at(before, ...place), value);
}
