import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { isJsonObject, type JsonObject, objectOrEmpty, property } from '../json.ts';

type SchemaError = ReturnType<typeof Value.Errors>[number];

/** How much of a value is repeated in an error. */
const LONGEST_QUOTE = 64;

/**
 * What is wrong with a value by its schema, one line for each field:
 * `spec.minReplicas: expected an integer, got "two"`. Empty when the value fits.
 *
 * @param path what the value itself is called
 */
export function schemaErrors(schema: TSchema, value: unknown, path: string): string[] {
  return describeErrors(Value.Errors(schema, value), value, path);
}

/** The same for types alone: limits do not count. */
export function typeErrors(schema: TSchema, value: unknown, path: string): string[] {
  const errors = Value.Errors(schema, value).filter(({ keyword }) => keyword === 'type');
  return describeErrors(errors, value, path);
}

function describeErrors(errors: readonly SchemaError[], value: unknown, path: string): string[] {
  const byField = new Map<string, string>();
  for (const { instancePath, keyword, params, message } of errors) {
    if (byField.has(instancePath)) continue;
    const expected = expectation(keyword, objectOrEmpty(params)) ?? message;
    byField.set(
      instancePath,
      fieldError(fieldName(path, instancePath), expected, at(value, instancePath)),
    );
  }
  return [...byField.values()];
}

/** `spec.timeout: expected a Go duration, got 5` */
export function fieldError(field: string, expected: string, got: unknown): string {
  return `${field}: expected ${expected}, got ${quote(got)}`;
}

/** A value as it is shown in messages; long ones are cut. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return cut(JSON.stringify(value));
}

/** The own properties of an object that the schema does not know, or knows and finds well-typed. */
export function wellTyped(
  schema: { readonly properties: Readonly<Record<string, TSchema>> },
  object: JsonObject,
): JsonObject {
  const { properties } = schema;
  const fits = ([key, value]: readonly [string, unknown]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return known === undefined || Value.Check(known, value);
  };
  return Object.fromEntries(Object.entries(object).filter(fits));
}

function expectation(keyword: string, params: JsonObject): string | undefined {
  switch (keyword) {
    case 'type':
      return TYPE_NAMES.get(String(property(params, 'type')));
    case 'enum': {
      const values = property(params, 'allowedValues');
      return Array.isArray(values) ? `one of ${values.join(', ')}` : undefined;
    }
    default:
      return undefined;
  }
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['integer', 'an integer'],
  ['object', 'an object'],
  ['string', 'a text'],
]);

function fieldName(path: string, pointer: string): string {
  return [path, ...pointerKeys(pointer)].join('.');
}

function at(value: unknown, pointer: string): unknown {
  return pointerKeys(pointer).reduce<unknown>(
    (parent, key) => (isJsonObject(parent) ? property(parent, key) : undefined),
    value,
  );
}

function pointerKeys(pointer: string): string[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function cut(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
