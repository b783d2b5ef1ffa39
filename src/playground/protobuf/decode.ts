import messages from '../openapi/protobuf.json' with { type: 'json' };
import type { Json, JsonObject } from '../patch/json.ts';
import { type WireField, wireField, wireFields } from './wire.ts';

/** What stands before every object: `k8s` and a zero. */
const MAGIC = Buffer.from('k8s\0');

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isPointer: boolean;
  readonly isInline: boolean;
  readonly isRepeated: boolean;
  readonly isMap: boolean;
}

type Message = ReadonlyMap<number, Field>;

const known: ReadonlyMap<string, Message> = new Map(
  Object.entries(messages).map(([name, fields]) => [name, readMessage(fields)]),
);

function readMessage(fields: Readonly<Record<string, readonly string[] | undefined>>): Message {
  const entries = Object.entries(fields).map(
    ([number, [name = '', type = '', flags = ''] = []]) => {
      const field: Field = {
        name,
        type,
        isPointer: flags.includes('p'),
        isInline: flags.includes('i'),
        isRepeated: flags.includes('r'),
        isMap: flags.includes('m'),
      };
      return [Number(number), field] as const;
    },
  );
  return new Map(entries);
}

/**
 * Reads an object that a client has sent as `application/vnd.kubernetes.protobuf`, which is how kubectl
 * sends what it makes itself (`kubectl create deployment`). Fields that hold nothing are left out, as in
 * JSON, unless they were set to that.
 * @throws RangeError for bytes that are no such object, or of a kind that is not known
 */
export function decodeObject(bytes: Uint8Array): JsonObject {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    throw new RangeError(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  const envelope = bytes.subarray(MAGIC.length);
  const typeMeta = bytesOf(wireField(envelope, 1));
  const apiVersion = textOf(wireField(typeMeta, 1));
  const kind = textOf(wireField(typeMeta, 2));
  const message = messageName(apiVersion, kind);
  if (!known.has(message)) throw new RangeError(`no protobuf of ${kind} of ${apiVersion} is known`);
  return { kind, apiVersion, ...readObject(bytesOf(wireField(envelope, 2)), message) };
}

function messageName(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return `${META}DeleteOptions`;
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['core', first] : [first.split('.')[0], second];
  return `k8s.io.api.${group}.${version}.${kind}`;
}

function readObject(bytes: Uint8Array, name: string): JsonObject {
  const message = known.get(name);
  if (!message) throw new RangeError(`no protobuf of ${name} is known`);
  const fields = new Map<string, Json>();
  for (const { number, value } of wireFields(bytes)) {
    const field = message.get(number);
    if (field) addField(fields, field, value);
  }
  return Object.fromEntries(fields);
}

function addField(fields: Map<string, Json>, field: Field, value: WireField['value']): void {
  const { name, type } = field;
  if (field.isMap) {
    const entry = bytesOf(value);
    const before = fields.get(name);
    const key = textOf(wireField(entry, 1));
    const added = readValue(type, wireField(entry, 2) ?? new Uint8Array());
    fields.set(name, { ...(isObject(before) ? before : {}), [key]: added });
    return;
  }
  const read = readValue(type, value);
  if (field.isRepeated) {
    const before = fields.get(name);
    fields.set(name, [...(Array.isArray(before) ? before : []), read]);
  } else if (field.isInline && isObject(read)) {
    for (const [key, inner] of Object.entries(read)) fields.set(key, inner);
  } else if (field.isPointer || !isZero(read)) {
    fields.set(name, read);
  }
}

function readValue(type: string, value: WireField['value']): Json {
  switch (type) {
    case 'string':
      return textOf(value);
    case 'bool':
      return value !== 0n;
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, numberOf(value)));
    case 'bytes':
      return Buffer.from(bytesOf(value)).toString('base64');
    case 'k8s.io.apimachinery.pkg.api.resource.Quantity':
      return textOf(wireField(bytesOf(value), 1));
    case 'k8s.io.apimachinery.pkg.util.intstr.IntOrString':
      return intOrString(bytesOf(value));
    case `${META}Time`:
      return time(bytesOf(value), 0);
    case `${META}MicroTime`:
      return time(bytesOf(value), 6);
    case `${META}FieldsV1`:
      return JSON.parse(textOf(wireField(bytesOf(value), 1)) || '{}');
    default:
      return readObject(bytesOf(value), type);
  }
}

function intOrString(bytes: Uint8Array): Json {
  const isText = numberOf(wireField(bytes, 1) ?? 0n) === 1n;
  if (isText) return textOf(wireField(bytes, 3));
  return Number(BigInt.asIntN(32, numberOf(wireField(bytes, 2) ?? 0n)));
}

/** RFC 3339 with so many digits of a second; null for a time that has not been set. */
function time(bytes: Uint8Array, digits: number): Json {
  const seconds = wireField(bytes, 1);
  if (seconds === undefined) return null;
  const whole = new Date(Number(BigInt.asIntN(64, numberOf(seconds))) * 1000)
    .toISOString()
    .slice(0, 19);
  const nanos = String(Number(numberOf(wireField(bytes, 2) ?? 0n))).padStart(9, '0');
  return digits === 0 ? `${whole}Z` : `${whole}.${nanos.slice(0, digits)}Z`;
}

function isZero(value: Json): boolean {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === null || value === '' || value === 0 || value === false;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bytesOf(value: WireField['value'] | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function textOf(value: WireField['value'] | undefined): string {
  return Buffer.from(bytesOf(value)).toString();
}

function numberOf(value: WireField['value']): bigint {
  return typeof value === 'bigint' ? value : 0n;
}
