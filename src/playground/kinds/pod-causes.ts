import { causeInvalid, causeRequired } from '../api/object-rules.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { listAt, textAt } from '../tables/read.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

export function causeUnsupported(
  field: string,
  value: string,
  supported: readonly string[],
): StatusCause {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field };
}

/** What is wrong with a pod's spec. @param field where it is: `spec`, `spec.template.spec` */
export function podSpecCauses(
  spec: JsonObject,
  field: string,
  restartPolicies: readonly string[],
): readonly StatusCause[] {
  const containers = listAt(spec, 'containers');
  const policy = textAt(spec, 'restartPolicy');
  return [
    ...(containers.length === 0 ? [causeRequired(`${field}.containers`)] : []),
    ...containerCauses(containers, `${field}.containers`),
    ...containerCauses(listAt(spec, 'initContainers'), `${field}.initContainers`),
    ...(restartPolicies.includes(policy)
      ? []
      : [causeUnsupported(`${field}.restartPolicy`, policy, restartPolicies)]),
  ];
}

function containerCauses(containers: readonly Json[], field: string): readonly StatusCause[] {
  const seen = new Set<string>();
  return containers.flatMap((container, index) => {
    const name = textAt(container, 'name');
    const at = `${field}[${index}]`;
    const causes = [...nameCauses(name, `${at}.name`)];
    if (name !== '' && seen.has(name)) {
      const message = `Duplicate value: ${JSON.stringify(name)}`;
      causes.push({ reason: 'FieldValueDuplicate', message, field: `${at}.name` });
    }
    seen.add(name);
    if (textAt(container, 'image') === '') causes.push(causeRequired(`${at}.image`));
    const pull = textAt(container, 'imagePullPolicy');
    if (!PULL_POLICIES.includes(pull)) {
      causes.push(causeUnsupported(`${at}.imagePullPolicy`, pull, PULL_POLICIES));
    }
    return causes;
  });
}

function nameCauses(name: string, field: string): readonly StatusCause[] {
  if (name === '') return [causeRequired(field)];
  if (name.length > 63) return [causeInvalid(field, name, 'must be no more than 63 bytes')];
  return NAME.test(name) ? [] : [causeInvalid(field, name, LABEL_RULE)];
}

/** What is wrong with a LabelSelector. */
export function selectorCauses(selector: JsonObject, field: string): readonly StatusCause[] {
  const wrong = listAt(selector, 'matchExpressions').flatMap((requirement, index) =>
    requirementCauses(requirement, `${field}.matchExpressions[${index}]`),
  );
  return wrong.length === 0
    ? []
    : [...wrong, causeInvalid(field, selector, 'invalid label selector')];
}

function requirementCauses(requirement: Json, field: string): readonly StatusCause[] {
  const operator = textAt(requirement, 'operator');
  const values = listAt(requirement, 'values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [
            causeRequired(
              `${field}.values`,
              "must be specified when `operator` is 'In' or 'NotIn'",
            ),
          ];
    case 'Exists':
    case 'DoesNotExist': {
      const message =
        "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return values.length === 0
        ? []
        : [{ reason: 'FieldValueForbidden', message, field: `${field}.values` }];
    }
    default:
      return [causeInvalid(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

/** What is wrong with a number that may not be negative. */
export function nonNegativeCauses(
  object: JsonObject,
  name: string,
  field: string,
): readonly StatusCause[] {
  const value = object[name];
  return typeof value === 'number' && value < 0
    ? [causeInvalid(`${field}.${name}`, value, 'must be greater than or equal to 0')]
    : [];
}

export function specOf(object: JsonObject): JsonObject {
  return objectOf(object, 'spec') ?? {};
}

export function isFilled(value: Json | undefined): value is JsonObject {
  return (
    isJsonObject(value) &&
    Object.values(value).some((part) => isJsonObject(part) || Array.isArray(part))
  );
}
