import { isJsonObject, type JsonObject, objectOf } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { finalizersOf, metadataOf, nameOf } from '../storage/metadata.ts';
import { textAt } from '../tables/read.ts';
import type { ServedResource } from './served-resource.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const NAME_PART_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** Kinds whose name has to be a DNS label. */
const LABEL_NAMES = new Set(['/namespaces', '/services']);

export function causeInvalid(field: string, value: unknown, why: string): StatusCause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return { reason: 'FieldValueInvalid', message, field };
}

export function causeRequired(field: string, why = ''): StatusCause {
  const message = why === '' ? 'Required value' : `Required value: ${why}`;
  return { reason: 'FieldValueRequired', message, field };
}

/** What is wrong with an object's metadata. */
export function metadataCauses(served: ServedResource, object: JsonObject): readonly StatusCause[] {
  const metadata = metadataOf(object);
  return [
    ...nameCauses(served, nameOf(object), textAt(metadata, 'generateName')),
    ...labelCauses(objectOf(metadata, 'labels') ?? {}),
    ...annotationCauses(objectOf(metadata, 'annotations') ?? {}),
    ...ownerCauses(metadata),
  ];
}

function nameCauses(served: ServedResource, name: string, prefix: string): readonly StatusCause[] {
  const field = 'metadata.name';
  if (name === '') {
    return prefix === '' ? [causeRequired(field, 'name or generateName is required')] : [];
  }
  const isLabel = LABEL_NAMES.has(`${served.group}/${served.resource}`);
  const longest = isLabel ? 63 : 253;
  const causes: StatusCause[] = [];
  if (!(isLabel ? DNS_LABEL : DNS_SUBDOMAIN).test(name)) {
    causes.push(causeInvalid(field, name, isLabel ? LABEL_RULE : SUBDOMAIN_RULE));
  }
  if (name.length > longest) {
    causes.push(causeInvalid(field, name, `must be no more than ${longest} characters`));
  }
  return causes;
}

function labelCauses(labels: JsonObject): readonly StatusCause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...keyCauses('metadata.labels', key),
    ...labelValueCauses('metadata.labels', String(value)),
  ]);
}

/** What is wrong with the value of a label. */
export function labelValueCauses(field: string, value: string): readonly StatusCause[] {
  if (value.length > 63) return [causeInvalid(field, value, 'must be no more than 63 bytes')];
  return value === '' || QUALIFIED_NAME.test(value)
    ? []
    : [causeInvalid(field, value, LABEL_VALUE_RULE)];
}

function annotationCauses(annotations: JsonObject): readonly StatusCause[] {
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  const causes = Object.keys(annotations).flatMap((key) =>
    keyCauses('metadata.annotations', key.toLowerCase()),
  );
  const tooLong = {
    reason: 'FieldValueTooLong',
    message: 'Too long: may not be more than 262144 bytes',
    field: 'metadata.annotations',
  };
  return bytes > 262_144 ? [...causes, tooLong] : causes;
}

function keyCauses(field: string, key: string): readonly StatusCause[] {
  const [first = '', second, ...rest] = key.split('/');
  const name = second ?? first;
  if (rest.length > 0) return [causeInvalid(field, key, `a qualified name must ${NAME_PART_RULE}`)];
  const causes: StatusCause[] = [];
  if (second !== undefined && !DNS_SUBDOMAIN.test(first)) {
    causes.push(causeInvalid(field, key, `prefix part ${SUBDOMAIN_RULE}`));
  }
  if (name === '') causes.push(causeInvalid(field, key, 'name part must be non-empty'));
  if (name.length > 63)
    causes.push(causeInvalid(field, key, 'name part must be no more than 63 bytes'));
  if (!QUALIFIED_NAME.test(name)) causes.push(causeInvalid(field, key, NAME_PART_RULE));
  return causes;
}

function ownerCauses(metadata: JsonObject): readonly StatusCause[] {
  const owners = metadata.ownerReferences;
  if (!Array.isArray(owners)) return [];
  return owners
    .filter(isJsonObject)
    .flatMap((owner, index) =>
      ['apiVersion', 'kind', 'name', 'uid']
        .filter((field) => textAt(owner, field) === '')
        .map((field) =>
          causeInvalid(`metadata.ownerReferences[${index}].${field}`, '', 'must not be empty'),
        ),
    );
}

/** What an update may not do to an object's metadata. */
export function metadataUpdateCauses(
  before: JsonObject,
  after: JsonObject,
): readonly StatusCause[] {
  if (textAt(before, 'metadata', 'deletionTimestamp') === '') return [];
  const known = new Set(finalizersOf(before));
  const added = finalizersOf(after).filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return [];
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
  return [{ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }];
}
