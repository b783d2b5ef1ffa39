import { parseDocument } from 'yaml';
import type { Json } from '../patch/json.ts';
import { decodeObject } from '../protobuf/decode.ts';
import { badRequest, StatusError } from '../status-error.ts';
import type { Call } from './call.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { jsonError } from './json-error.ts';

/** A body as it was written. */
export interface Body {
  readonly content: Json;
  /** `duplicate field "spec.replicas"` */
  readonly duplicates: readonly string[];
  readonly text: string;
}

const YAML_TYPES = new Set(['application/yaml', 'application/apply-patch+yaml']);

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** What an object may be sent as. */
const OBJECT_TYPES = new Set(['', 'application/json', 'application/yaml', '*/*', PROTOBUF]);

/** The content types of an object that is created or replaced. @throws StatusError 415 */
export function requireObjectType({ contentType }: Call): void {
  if (OBJECT_TYPES.has(contentType)) return;
  throw new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}

/** Reads a body as JSON or YAML. @throws StatusError 400 */
export function readBody(call: Call): Body {
  if (call.contentType === PROTOBUF) return readProtobuf(call.body);
  const text = call.body.toString();
  return YAML_TYPES.has(call.contentType) ? readYaml(text) : readJson(text);
}

function readProtobuf(bytes: Buffer): Body {
  try {
    return { content: decodeObject(bytes), duplicates: [], text: '' };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badRequest(`unable to decode the body: ${error.message}`);
  }
}

function readJson(text: string): Body {
  try {
    const content: Json = JSON.parse(text);
    const duplicates = duplicateFields(text).map((path) => `duplicate field "${path}"`);
    return { content, duplicates, text };
  } catch (error) {
    throw badRequest(jsonError(text, error));
  }
}

function readYaml(text: string): Body {
  const document = parseDocument(text, { uniqueKeys: false, schema: 'core' });
  const [error] = document.errors;
  if (error) throw badRequest(`error converting YAML to JSON: yaml: ${error.message}`);
  const content: Json = document.toJS() ?? null;
  const strict = parseDocument(text, { schema: 'core' });
  const duplicates = strict.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ linePos }) => `line ${linePos?.[0].line ?? 0}: key already set in map`);
  return { content, duplicates, text };
}
