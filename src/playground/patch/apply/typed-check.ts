import { isJsonArray, isJsonObject, type Json } from '../json.ts';
import { PatchError } from '../patch-error.ts';
import type { SchemaNode } from '../schema.ts';
import { goText } from '../strategic/directives.ts';
import { describeElement, itemElement } from './path-element.ts';

/**
 * Refuses what cannot be applied because nobody could own it: fields the schema does not declare,
 * values of another type, two items of a list with the same keys.
 * @param what the object, for the message: `/web; apps/v1, Kind=Deployment`
 * @throws PatchError 500 with the wording of the API server
 */
export function requireTyped(value: Json, schema: SchemaNode, what: string): void {
  const errors = [...problems(value, schema, '')];
  if (errors.length === 0) return;
  const list = errors.length === 1 ? errors[0] : `errors:${errors.map((e) => `\n  ${e}`).join('')}`;
  throw new PatchError(500, `failed to create typed patch object (${what}): ${list}`);
}

/** The first field of a map that is not declared ends the search in that map, as in the API server. */
function* problems(value: Json, schema: SchemaNode, path: string): Generator<string, void> {
  const expected = typeProblem(value, schema);
  if (expected) yield `${path}: ${expected}`;
  else if (isJsonArray(value)) yield* listProblems(value, schema, path);
  else if (isJsonObject(value)) {
    for (const name of Object.keys(value).sort()) {
      if (!schema.declares(name)) return yield `${path}.${name}: field not declared in schema`;
      yield* problems(value[name] ?? null, schema.field(name), `${path}.${name}`);
    }
  }
}

function* listProblems(list: readonly Json[], schema: SchemaNode, path: string): Iterable<string> {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const atomic = schema.listType === 'atomic';
    const element = atomic ? `i:${index}` : itemElement(item, schema);
    if (seen.has(element)) yield `${path}: duplicate entries for key ${describeElement(element)}`;
    else yield* problems(item, schema.element(), path + describeElement(element));
    seen.add(element);
  }
}

/** What the schema's types are called in the messages. */
const EXPECTED: Readonly<
  Record<string, { readonly name: string; readonly is: (value: Json) => boolean }>
> = {
  object: { name: 'map', is: isJsonObject },
  array: { name: 'list', is: isJsonArray },
  string: { name: 'string', is: (value) => typeof value === 'string' },
  boolean: { name: 'boolean', is: (value) => typeof value === 'boolean' },
  integer: { name: 'numeric (int or float)', is: (value) => typeof value === 'number' },
  number: { name: 'numeric (int or float)', is: (value) => typeof value === 'number' },
};

function typeProblem(value: Json, schema: SchemaNode): string | undefined {
  const expected = schema.type === undefined ? undefined : EXPECTED[schema.type];
  if (value === null || !expected || expected.is(value)) return undefined;
  return `expected ${expected.name}, got ${got(value, expected.name)}`;
}

/** Another type's value as the API server prints it, which depends on the type it expected. */
function got(value: Json, expected: string): string {
  if (expected === 'string') return `&value.valueUnstructured{Value:${goText(value)}}`;
  if (!expected.startsWith('numeric')) return `&{${goText(value)}}`;
  if (isJsonArray(value)) return 'list';
  return isJsonObject(value) ? 'map' : typeof value;
}
