import { UnmarshalError } from '../api/decode-typed.ts';
import type { ServedResource } from '../api/served-resource.ts';
import { groupVersion } from '../api/served-resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { badRequest, invalid, type StatusError } from '../status-error.ts';
import { textAt } from '../tables/read.ts';
import { type Call, writeOptionsKind } from './call.ts';

/**
 * Reads the body of a create or update as the resource's kind. By `fieldValidation=` unknown and
 * duplicate fields are refused, warned of (the default), or ignored; unknown ones are left out anyway.
 * @throws StatusError 400
 */
export function decodeBody(
  served: ServedResource,
  call: Call,
  content: Json,
  duplicates: readonly string[],
): JsonObject {
  const object = requireKind(served, content);
  const { object: decoded, faults } = decodeOrRefuse(served, object);
  const all = served.isCustom ? [...duplicates, ...faults] : [...faults, ...duplicates];
  reportFaults(call, all, (strict) => badRequest(`${cannotBeHandled(served, object)}: ${strict}`));
  return decoded;
}

/** Says or refuses what strict reading found. @param refuse makes the error from its text */
export function reportFaults(
  call: Call,
  faults: readonly string[],
  refuse: (strict: string) => StatusError,
): void {
  const mode = call.query.get('fieldValidation') || 'Warn';
  if (mode !== 'Strict' && mode !== 'Warn' && mode !== 'Ignore') {
    const supported = '"", "Ignore", "Strict", "Warn"';
    const message = `Unsupported value: "${mode}": supported values: ${supported}`;
    throw invalid({ group: 'meta.k8s.io', kind: writeOptionsKind(call) }, '', [
      { reason: 'FieldValueNotSupported', message, field: 'fieldValidation' },
    ]);
  }
  if (faults.length === 0 || mode === 'Ignore') return;
  if (mode === 'Strict') throw refuse(`strict decoding error: ${faults.join(', ')}`);
  for (const fault of faults) call.warnings.add(fault);
}

/** The decoded object, or the refusal in the words of the API server. */
export function decodeOrRefuse(served: ServedResource, object: JsonObject) {
  try {
    return served.decode(object);
  } catch (error) {
    if (!(error instanceof UnmarshalError)) throw error;
    throw badRequest(`${cannotBeHandled(served, object)}: ${error.message}`);
  }
}

function cannotBeHandled(served: ServedResource, object: JsonObject): string {
  const kind = textAt(object, 'kind') || served.kind;
  const [version = ''] = (textAt(object, 'apiVersion') || groupVersion(served))
    .split('/')
    .slice(-1);
  return `${kind} in version "${version}" cannot be handled as a ${served.kind}`;
}

/** An object of the right kind and version; both may be left out of a built-in one. */
function requireKind(served: ServedResource, content: Json): JsonObject {
  if (!isJsonObject(content)) {
    const got = content === null ? 'null' : Array.isArray(content) ? 'array' : typeof content;
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${got} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const kind = textAt(content, 'kind');
  const apiVersion = textAt(content, 'apiVersion');
  const expected = groupVersion(served);
  if (served.isCustom && (kind === '' || apiVersion === '')) {
    const what = kind === '' ? 'Kind' : 'apiVersion';
    throw badRequest(`Object '${what}' is missing in '${JSON.stringify(content)}'`);
  }
  if ((kind !== '' && kind !== served.kind) || (apiVersion !== '' && apiVersion !== expected)) {
    throw wrongKind(served, content, kind || served.kind, apiVersion || expected);
  }
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = content;
  return { kind: served.kind, apiVersion: expected, ...rest };
}

function wrongKind(
  served: ServedResource,
  content: JsonObject,
  kind: string,
  apiVersion: string,
): StatusError {
  if (served.isCustom) {
    return badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${groupVersion(served)})`,
    );
  }
  const why = `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`;
  return badRequest(`${cannotBeHandled(served, content)}: ${why}`);
}
