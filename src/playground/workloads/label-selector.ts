import { fieldOf, isJsonArray, type Json, type JsonObject } from '../patch/json.ts';
import { listAt, objectAt, textAt } from './fields.ts';

/** Whether labels match a LabelSelector (`matchLabels` and `matchExpressions`); an empty one matches all. */
export function matchesSelector(selector: JsonObject, labels: JsonObject): boolean {
  const equal = Object.entries(objectAt(selector, 'matchLabels')).every(
    ([key, value]) => fieldOf(labels, key) === value,
  );
  return (
    equal && listAt(selector, 'matchExpressions').every((requirement) => meets(requirement, labels))
  );
}

function meets(requirement: Json, labels: JsonObject): boolean {
  const value = fieldOf(labels, textAt(requirement, 'key'));
  const values = listAt(requirement, 'values');
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** The selector in the syntax of `labelSelector=`, as a Scale's `status.selector` has it. */
export function selectorQuery(selector: JsonObject): string {
  const labels = Object.entries(objectAt(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, 'matchExpressions').map(expressionQuery);
  return [...labels, ...expressions].sort().join(',');
}

function expressionQuery(requirement: Json): string {
  const key = textAt(requirement, 'key');
  const values = listAt(requirement, 'values');
  const list = isJsonArray(values) ? values.map(String).sort().join(',') : '';
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
