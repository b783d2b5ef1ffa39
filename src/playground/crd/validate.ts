import { causeRequired } from '../api/object-rules.ts';
import {
  canonicalJson,
  fieldOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
} from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { formatError } from './formats.ts';
import { pathTo, type StructuralSchema, schemaOf } from './structural-schema.ts';

/** What is wrong with a value by its schema, rules in CEL aside, in the words of the API server. */
export function schemaCauses(
  value: Json,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  if (value === null && schema.nullable) return [];
  const wrongType = typeCause(value, schema, path);
  if (wrongType) return [wrongType];
  const notListed = enumCause(value, schema, path);
  const own = typeof value === 'string' ? textCauses(value, schema, path) : [];
  const number = typeof value === 'number' ? numberCauses(value, schema, path) : [];
  const list = isJsonArray(value) ? listCauses(value, schema, path) : [];
  const object = isJsonObject(value) ? objectCauses(value, schema, path) : [];
  return [...own, ...number, ...notListed, ...list, ...object];
}

function typeCause(value: Json, schema: StructuralSchema, path: string): StatusCause | undefined {
  const { type } = schema;
  const got = typeOf(value);
  if (schema['x-kubernetes-int-or-string']) {
    if (got === 'integer' || got === 'string') return undefined;
    return inBody('FieldValueTypeInvalid', got, path, `must be of type integer,string: "${got}"`);
  }
  if (type === undefined || type === got || (type === 'number' && got === 'integer'))
    return undefined;
  return inBody('FieldValueTypeInvalid', got, path, `must be of type ${type}: "${got}"`);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (isJsonArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function inBody(reason: string, value: unknown, path: string, rule: string): StatusCause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${path} in body ${rule}`;
  return { reason, message, field: path };
}

function enumCause(value: Json, schema: StructuralSchema, path: string): readonly StatusCause[] {
  if (!schema.enum || schema.enum.includes(value)) return [];
  const supported = schema.enum.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return [{ reason: 'FieldValueNotSupported', message, field: path }];
}

function textCauses(value: string, schema: StructuralSchema, path: string): readonly StatusCause[] {
  const { minLength, maxLength, pattern, format } = schema;
  const causes: StatusCause[] = [];
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: path });
  }
  if (minLength !== undefined && length < minLength) {
    causes.push(
      inBody('FieldValueInvalid', value, path, `should be at least ${minLength} chars long`),
    );
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    causes.push(inBody('FieldValueInvalid', value, path, `should match '${pattern}'`));
  }
  const wrong = format === undefined ? undefined : formatError(format, value);
  if (wrong !== undefined) {
    causes.push(
      inBody(
        'FieldValueTypeInvalid',
        value,
        path,
        `must be of type ${wrong}: ${JSON.stringify(value)}`,
      ),
    );
  }
  return causes;
}

function numberCauses(
  value: number,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const causes: StatusCause[] = [];
  const add = (rule: string) => causes.push(inBody('FieldValueInvalid', value, path, rule));
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    add(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    add(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
  if (multipleOf !== undefined && value % multipleOf !== 0)
    add(`should be a multiple of ${multipleOf}`);
  return causes;
}

function listCauses(
  value: readonly Json[],
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  const { items, minItems, maxItems } = schema;
  const causes = items
    ? value.flatMap((item, index) => schemaCauses(item, items, pathTo(path, index)))
    : [];
  const all = [...causes];
  if (maxItems !== undefined && value.length > maxItems) {
    const message = `Too many: ${value.length}: must have at most ${maxItems} items`;
    all.push({ reason: 'FieldValueTooMany', message, field: path });
  }
  if (minItems !== undefined && value.length < minItems) {
    all.push(
      inBody('FieldValueInvalid', value.length, path, `should have at least ${minItems} items`),
    );
  }
  return [...all, ...duplicateCauses(value, schema, path)];
}

function duplicateCauses(
  value: readonly Json[],
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identity = (item: Json): Json =>
    listType === 'map' && isJsonObject(item)
      ? Object.fromEntries(
          keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])),
        )
      : item;
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const text = canonicalJson(identity(item));
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [
      {
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${text}`,
        field: pathTo(path, index),
      },
    ];
  });
}

function objectCauses(
  value: JsonObject,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  const { required = [], minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  const missing = required
    .filter((key) => fieldOf(value, key) === undefined)
    .map((key) => causeRequired(pathTo(path, key)));
  const children = Object.entries(value).flatMap(([key, child]) => {
    const known = schemaOf(schema, key);
    return known ? schemaCauses(child, known, pathTo(path, key)) : [];
  });
  const all = [...missing, ...children];
  if (maxProperties !== undefined && count > maxProperties) {
    const message = `Too many: ${count}: must have at most ${maxProperties} items`;
    all.push({ reason: 'FieldValueTooMany', message, field: path });
  }
  if (minProperties !== undefined && count < minProperties) {
    all.push(
      inBody('FieldValueInvalid', count, path, `should have at least ${minProperties} properties`),
    );
  }
  return all;
}
