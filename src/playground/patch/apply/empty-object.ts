import type { Json, JsonObject } from '../json.ts';
import type { SchemaNode } from '../schema.ts';

/**
 * What an object is before it is created: the structs that are always there, empty, and the required
 * lists, null. It is what the API server compares a new object with, and decides which containers
 * their creator owns.
 */
export function emptyObject(schema: SchemaNode): JsonObject {
  return Object.fromEntries(emptyFields(schema, 0));
}

/** Types that contain themselves end here; none of the API's is nested deeper by structs alone. */
const DEEPEST = 8;

function* emptyFields(schema: SchemaNode, depth: number): Iterable<[string, Json]> {
  if (depth > DEEPEST) return;
  for (const name of schema.fieldNames()) {
    const field = schema.field(name);
    if (field.alwaysThere) yield [name, Object.fromEntries(emptyFields(field, depth + 1))];
    else if (depth > 0 && schema.required.includes(name) && isContainer(field)) yield [name, null];
  }
}

function isContainer({ type }: SchemaNode): boolean {
  return type === 'array' || type === 'object';
}
