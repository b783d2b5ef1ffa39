import type { TSchema } from 'typebox';
import { isJsonObject, type JsonObject } from '../../src/configuration/json.ts';

/** Objects as the API server reads them by a structural schema: unknown fields gone, defaults filled in. */
export function pruneAndDefault(schema: TSchema, value: unknown): unknown {
  const properties = 'properties' in schema ? schema.properties : undefined;
  if (!isJsonObject(properties) || !isJsonObject(value)) return value;
  const result = Object.entries(properties).flatMap(([key, child]): [string, unknown][] => {
    if (!isJsonObject(child)) return [];
    if (Object.hasOwn(value, key)) return [[key, pruneAndDefault(child, value[key])]];
    return 'default' in child ? [[key, child.default]] : [];
  });
  return Object.fromEntries(result);
}

/** The same for a whole object: metadata, apiVersion and kind are the API server's own. */
export function readBySchemas(
  object: JsonObject,
  schemas: { readonly spec: TSchema; readonly status: TSchema },
): JsonObject {
  const { apiVersion, kind, metadata, spec, status } = object;
  return {
    apiVersion,
    kind,
    metadata,
    ...(spec !== undefined && { spec: pruneAndDefault(schemas.spec, spec) }),
    ...(status !== undefined && { status: pruneAndDefault(schemas.status, status) }),
  };
}
