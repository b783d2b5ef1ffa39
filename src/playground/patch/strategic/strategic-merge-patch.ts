import {
  fieldOf,
  fieldsOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
} from '../json.ts';
import { PatchError } from '../patch-error.ts';
import type { SchemaNode } from '../schema.ts';
import {
  DELETE_FROM_LIST,
  isDirective,
  PATCH,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
  unknownPatchType,
  withoutDirectives,
} from './directives.ts';
import { inElementOrder } from './element-order.ts';
import { mergeList } from './lists.ts';

/**
 * Strategic merge patch: a merge patch in which lists are merged by the keys the schema names
 * (`x-kubernetes-patch-merge-key`, `-strategy`), with the directives `$patch`, `$retainKeys`,
 * `$deleteFromPrimitiveList/…` and `$setElementOrder/…`. Follows apimachinery's `strategicpatch`.
 * @throws PatchError with the code and message of the API server
 */
export function applyStrategicMergePatch(original: Json, patch: Json, schema: SchemaNode): Json {
  if (!isJsonObject(patch)) {
    const got = isJsonArray(patch) ? 'array' : typeof patch;
    throw new PatchError(
      400,
      `json: cannot unmarshal ${got} into Go value of type map[string]interface {}`,
    );
  }
  return mergeObject(isJsonObject(original) ? original : {}, patch, schema);
}

/** Merges two objects; exported for the items of lists, which are objects again. */
export function mergeObject(
  original: JsonObject,
  patch: JsonObject,
  schema: SchemaNode,
): JsonObject {
  const directive = fieldOf(patch, PATCH);
  if (directive !== undefined) return replaceOrDelete(directive, patch);
  const merged = retainKeys(fieldsOf(original), patch);
  const ordered = mergeOrderedLists(merged, patch, schema);
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(SET_ELEMENT_ORDER) || ordered.has(key)) continue;
    if (key.startsWith(DELETE_FROM_LIST)) deleteFromList(merged, key, value);
    else mergeField(merged, key, value, schema);
  }
  return Object.fromEntries(merged);
}

function replaceOrDelete(directive: Json, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw unknownPatchType(directive, patch);
  const { [PATCH]: _directive, ...replacement } = patch;
  return replacement;
}

function mergeField(merged: Map<string, Json>, key: string, value: Json, schema: SchemaNode): void {
  const current = merged.get(key);
  if (value === null) merged.delete(key);
  else
    merged.set(
      key,
      current === undefined
        ? withoutDirectives(value)
        : mergeValue(current, value, schema.field(key)),
    );
}

function mergeValue(current: Json, value: Json, schema: SchemaNode): Json {
  const strategies = schema.patchStrategies;
  if (isJsonObject(current) && isJsonObject(value)) {
    return strategies.includes('replace')
      ? withoutDirectives(value)
      : mergeObject(current, value, schema);
  }
  if (isJsonArray(current) && isJsonArray(value)) {
    return strategies.includes('merge')
      ? mergeList(current, value, schema, mergeObject)
      : withoutDirectives(value);
  }
  return withoutDirectives(value);
}

/** `$retainKeys` lists all the keys that may stay; the patch must not set others. */
function retainKeys(original: Map<string, Json>, patch: JsonObject): Map<string, Json> {
  const retained = fieldOf(patch, RETAIN_KEYS);
  if (retained === undefined) return original;
  const set = Object.entries(patch).filter(([key, value]) => value !== null && !isDirective(key));
  if (!isJsonArray(retained) || set.some(([key]) => !retained.includes(key))) {
    throw new PatchError(400, 'invalid patch format of retainKeys');
  }
  return new Map([...original].filter(([key]) => retained.includes(key)));
}

function deleteFromList(merged: Map<string, Json>, directive: string, items: Json): void {
  const key = directive.slice(DELETE_FROM_LIST.length);
  const current = merged.get(key);
  if (!isJsonArray(items)) throw new PatchError(400, 'invalid patch format of primitive list');
  if (isJsonArray(current))
    merged.set(
      key,
      current.filter((item) => !items.includes(item)),
    );
}

/**
 * Merges the lists for which the patch gives an order, and puts them into it.
 * @returns the fields that are done with
 */
function mergeOrderedLists(
  merged: Map<string, Json>,
  patch: JsonObject,
  schema: SchemaNode,
): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(SET_ELEMENT_ORDER)) continue;
    if (!isJsonArray(order)) {
      throw new PatchError(
        500,
        `expected a []interface {}, but received a ${typeof order === 'number' ? 'int64' : typeof order}`,
      );
    }
    const key = directive.slice(SET_ELEMENT_ORDER.length);
    const current = merged.get(key);
    const changes = fieldOf(patch, key);
    const list = inElementOrder({
      current: isJsonArray(current) ? current : undefined,
      changes: isJsonArray(changes) ? changes : undefined,
      order,
      schema: schema.field(key),
      mergeObject,
    });
    if (changes === null) continue;
    done.add(key);
    if (list) merged.set(key, list);
  }
  return done;
}
