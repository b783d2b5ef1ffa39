import { equalJson, fieldOf, fieldsOf, isJsonArray, isJsonObject, type Json } from './json.ts';
import { PatchError } from './patch-error.ts';

/** The API server says no more than this about a JSON patch that does not apply. */
const REJECTED = 'the server rejected our request due to an error in our request';

const MOST_OPERATIONS = 10_000;

type Path = readonly string[];

/** What becomes of the value at the end of a path; undefined in: nothing is there, out: it goes. */
type Change = (value: Json | undefined, within: 'object' | 'array' | 'root') => Json | undefined;

/**
 * JSON patch, RFC 6902, as the API server's library reads it, which is more lenient in three points:
 * `replace` of a field that is not there adds it, `copy` of one copies null, and whatever stands
 * before the first `/` of a path is ignored.
 * @param operations the body as it came
 * @throws PatchError 400 for something else than a list of operations, 422 for one that does not apply
 */
export function applyJsonPatch(original: Json, operations: Json): Json {
  if (!isJsonArray(operations)) {
    const got = operations === null ? 'null' : typeof operations;
    throw new PatchError(
      400,
      `error decoding patch: json: cannot unmarshal ${got} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (operations.length > MOST_OPERATIONS) {
    throw new PatchError(
      422,
      `The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${operations.length}`,
    );
  }
  return operations.reduce(applyOperation, original);
}

function applyOperation(document: Json, operation: Json): Json {
  if (!isJsonObject(operation))
    throw rejected(`expected an operation, got ${JSON.stringify(operation)}`);
  const path = pathOf(fieldOf(operation, 'path'), 'path');
  const value = fieldOf(operation, 'value') ?? null;
  const op = fieldOf(operation, 'op');
  switch (op) {
    case 'add':
      return change(document, path, () => value, 'insert');
    case 'remove':
      return remove(document, path);
    case 'replace':
      return change(document, path, () => value);
    case 'test':
      if (equalJson(lookUp(document, path) ?? null, value)) return document;
      throw rejected(`test failed at /${path.join('/')}`);
    case 'copy': {
      const source = lookUp(document, pathOf(fieldOf(operation, 'from'), 'from')) ?? null;
      return change(document, path, () => source, 'insert');
    }
    case 'move': {
      const from = pathOf(fieldOf(operation, 'from'), 'from');
      const moved = lookUp(document, from) ?? null;
      return change(remove(document, from), path, () => moved, 'insert');
    }
    default:
      throw rejected(`unexpected kind: ${JSON.stringify(op)}`);
  }
}

function pathOf(pointer: Json | undefined, name: string): Path {
  if (typeof pointer !== 'string') {
    throw rejected(`${name}: expected a JSON pointer, got ${JSON.stringify(pointer)}`);
  }
  const [, ...keys] = pointer.split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function remove(document: Json, path: Path): Json {
  return change(document, path, (value, within) => {
    if (value === undefined || within === 'root') throw rejected(`nothing at /${path.join('/')}`);
    return undefined;
  });
}

function lookUp(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document;
  for (const [depth, key] of path.entries()) {
    if (isJsonArray(value)) value = value[indexIn(value, key, value.length - 1)];
    else if (isJsonObject(value)) value = fieldOf(value, key);
    else
      throw rejected(
        `nothing that holds ${JSON.stringify(key)} at /${path.slice(0, depth).join('/')}`,
      );
  }
  return value;
}

/** The document with another value at `path`; `insert` makes room in a list instead of replacing. */
function change(document: Json, path: Path, to: Change, mode?: 'insert'): Json {
  const [key, ...rest] = path;
  if (key === undefined) return to(document, 'root') ?? null;
  const last = rest.length === 0;
  if (isJsonArray(document)) {
    const inserting = last && mode === 'insert';
    const at =
      inserting && key === '-'
        ? document.length
        : indexIn(document, key, document.length - (inserting ? 0 : 1));
    const value = last ? to(document[at], 'array') : change(document[at] ?? null, rest, to, mode);
    return document.toSpliced(at, inserting ? 0 : 1, ...(value === undefined ? [] : [value]));
  }
  if (!isJsonObject(document)) throw rejected(`nothing that holds ${JSON.stringify(key)}`);
  const fields = fieldsOf(document);
  const value = last
    ? to(fields.get(key), 'object')
    : change(fields.get(key) ?? null, rest, to, mode);
  if (value === undefined) fields.delete(key);
  else fields.set(key, value);
  return Object.fromEntries(fields);
}

/** An index from 0 to `highest`; a negative one counts from the end. */
function indexIn(list: readonly Json[], key: string, highest: number): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN;
  const at = index < 0 ? index + highest + 1 : index;
  if (at >= 0 && at <= highest) return at;
  throw rejected(`no index ${JSON.stringify(key)} in a list of ${list.length}`);
}

function rejected(why: string): PatchError {
  return new PatchError(422, REJECTED, { cause: new Error(why) });
}
