import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { pathTo, type StructuralSchema, schemaOf } from './structural-schema.ts';

/** Fields of every object, whatever the schema says. */
const OF_THE_ROOT = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The object without fields its schema does not know, whose paths are told, and without nulls where
 * none may be.
 */
export function prune(
  object: JsonObject,
  schema: StructuralSchema,
  unknown: (path: string) => void,
): JsonObject {
  const own = Object.entries(object).filter(([key]) => OF_THE_ROOT.has(key));
  const rest = Object.entries(object).filter(([key]) => !OF_THE_ROOT.has(key));
  const pruned = pruneValue(Object.fromEntries(rest), schema, '', unknown);
  return { ...Object.fromEntries(own), ...(isJsonObject(pruned) ? pruned : {}) };
}

function pruneValue(
  value: Json,
  schema: StructuralSchema,
  path: string,
  unknown: (path: string) => void,
): Json {
  if (isJsonArray(value)) {
    const { items } = schema;
    return items
      ? value.map((item, index) => pruneValue(item, items, pathTo(path, index), unknown))
      : value;
  }
  if (!isJsonObject(value)) return value;
  const keepsUnknown =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  const fields: [string, Json][] = [];
  for (const [key, child] of Object.entries(value)) {
    const known = schemaOf(schema, key);
    if (!known) {
      if (keepsUnknown) fields.push([key, child]);
      else unknown(pathTo(path, key));
    } else if (child !== null || known.nullable) {
      fields.push([key, pruneValue(child, known, pathTo(path, key), unknown)]);
    }
  }
  return Object.fromEntries(fields);
}

/** The value with the defaults of its schema where it says nothing. */
export function withSchemaDefaults(value: Json, schema: StructuralSchema): Json {
  if (isJsonArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => withSchemaDefaults(item, items)) : value;
  }
  if (!isJsonObject(value)) return value;
  const fields = new Map(Object.entries(value));
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const own = fields.get(key);
    if (own === undefined && child.default !== undefined) fields.set(key, child.default as Json);
  }
  for (const [key, child] of fields) {
    const known = schemaOf(schema, key);
    if (known) fields.set(key, withSchemaDefaults(child, known));
  }
  return Object.fromEntries(fields);
}
