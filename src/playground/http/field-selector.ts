import type { ServedResource } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { badRequest } from '../status-error.ts';
import { nameOf, namespaceOf } from '../storage/metadata.ts';
import type { ObjectFilter } from './label-selector.ts';

interface Term {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/**
 * Reads `fieldSelector=`: `a=b`, `a==b`, `a!=b`, joined by commas, `\` before a comma, an equals sign or
 * itself. Undefined for an empty one.
 * @throws StatusError 400, also for a field that the resource does not offer
 */
export function parseFieldSelector(
  text: string | null,
  served: ServedResource,
): ObjectFilter | undefined {
  if (text === null || text === '') return undefined;
  const terms = splitUnescaped(text, ',')
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text));
  const known = fieldsOf(served, {});
  for (const { field } of terms) {
    if (!Object.hasOwn(known, field)) throw unknownField(served, field);
  }
  if (terms.every(({ field }) => field.startsWith('metadata.'))) {
    return (object) =>
      terms.every(({ field, value, equal }) => {
        const actual = field === 'metadata.name' ? nameOf(object) : namespaceOf(object);
        return (actual === value) === equal;
      });
  }
  return (object) => {
    const fields = fieldsOf(served, object);
    return terms.every(({ field, value, equal }) => (fields[field] === value) === equal);
  };
}

/** Kinds without fields of their own are refused in other words. */
function unknownField(served: ServedResource, field: string) {
  const hasOwn = served.isCustom || Object.keys(served.selectableFields({})).length > 0;
  return badRequest(
    hasOwn
      ? `field label not supported: ${field}`
      : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** The one name that a selector lets through, if it is such a one. */
export function nameInSelector(text: string | null): string | undefined {
  const match = /^metadata\.name==?([^,\\=!]+)$/.exec(text ?? '');
  return match?.[1];
}

function fieldsOf(served: ServedResource, object: JsonObject): Readonly<Record<string, string>> {
  return {
    'metadata.name': nameOf(object),
    ...(served.namespaced ? { 'metadata.namespace': namespaceOf(object) } : {}),
    ...served.selectableFields(object),
  };
}

function parseTerm(term: string, whole: string): Term {
  const match = /^((?:\\.|[^\\=!])*)(!=|==|=)((?:\\.|[^\\=])*)$/.exec(term);
  if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  const [, field = '', operator, value = ''] = match;
  return { field, equal: operator !== '!=', value: value.replaceAll(/\\(.)/g, '$1') };
}

function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
