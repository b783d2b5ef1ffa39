import { Environment } from '@marcbachmann/cel-js';
import { isJsonArray, isJsonObject, type Json } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import {
  pathTo,
  type StructuralSchema,
  schemaOf,
  type ValidationRule,
} from './structural-schema.ts';

type Evaluate = (context: Readonly<Record<string, unknown>>) => unknown;

const environment = new Environment()
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

const parsed = new Map<string, Evaluate>();

function parse(expression: string): Evaluate {
  const known = parsed.get(expression);
  if (known) return known;
  const evaluate: Evaluate = environment.parse(expression);
  parsed.set(expression, evaluate);
  return evaluate;
}

/** Why a text is no expression; undefined for one that is. */
export function expressionError(expression: string): string | undefined {
  try {
    parse(expression);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * What the rules of a schema (`x-kubernetes-validations`) say against a value. Rules that speak of
 * `oldSelf` are asked only when there was a value before.
 */
export function ruleCauses(
  value: Json,
  before: Json | undefined,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) =>
    ruleCause(rule, value, before, schema, path),
  );
  return [...own, ...childCauses(value, before, schema, path)];
}

/** Whether a schema has rules anywhere. */
export function hasRules(schema: StructuralSchema): boolean {
  const { properties = {}, items, additionalProperties } = schema;
  const below = [...Object.values(properties), items, additionalProperties];
  return (
    (schema['x-kubernetes-validations'] ?? []).length > 0 ||
    below.some((child) => typeof child === 'object' && hasRules(child))
  );
}

function childCauses(
  value: Json,
  before: Json | undefined,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  if (isJsonArray(value)) {
    const { items } = schema;
    return items
      ? value.flatMap((item, index) => ruleCauses(item, undefined, items, pathTo(path, index)))
      : [];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const known = schemaOf(schema, key);
    const old = isJsonObject(before) ? before[key] : undefined;
    return known ? ruleCauses(child, old, known, pathTo(path, key)) : [];
  });
}

function ruleCause(
  { rule, message, messageExpression, reason, fieldPath = '' }: ValidationRule,
  value: Json,
  before: Json | undefined,
  schema: StructuralSchema,
  path: string,
): readonly StatusCause[] {
  if (before === undefined && /\boldSelf\b/.test(rule)) return [];
  const context = {
    self: toCel(value, schema),
    ...(before === undefined ? {} : { oldSelf: toCel(before, schema) }),
  };
  const said = message ?? `failed rule: ${rule}`;
  const invalid = (why: string) => [
    {
      reason: reason ?? 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(typeName(value, schema))}: ${why}`,
      field: `${path}${fieldPath}`,
    },
  ];
  try {
    if (parse(rule)(context) === true) return [];
  } catch (error) {
    return invalid(`${messageOf(error)} evaluating rule: ${said}`);
  }
  return invalid(evaluatedMessage(messageExpression, context) ?? said);
}

function evaluatedMessage(
  expression: string | undefined,
  context: Readonly<Record<string, unknown>>,
): string | undefined {
  if (expression === undefined) return undefined;
  try {
    const text = parse(expression)(context);
    return typeof text === 'string' && text.trim() !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The API server's words for a missing field; for everything else those of the library. */
function messageOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.replace(/^No such key:/, 'no such key:');
}

function typeName(value: Json, schema: StructuralSchema): string {
  return schema.type ?? (isJsonArray(value) ? 'array' : typeof value);
}

/** Integers become `int`, as the schema says; other numbers stay `double`. */
function toCel(value: Json, schema: StructuralSchema | undefined): unknown {
  if (typeof value === 'number') {
    const isInteger = schema?.type === 'integer' || schema?.['x-kubernetes-int-or-string'] === true;
    return isInteger && Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (isJsonArray(value)) return value.map((item) => toCel(item, schema?.items));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).map(([key, child]) => [
    key,
    toCel(child, schema && schemaOf(schema, key)),
  ]);
  return Object.fromEntries(fields);
}
