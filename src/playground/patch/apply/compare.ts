import {
  equalJson,
  fieldOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonArray,
  type JsonObject,
} from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement, itemsByElement, type PathElement } from './path-element.ts';

/** The fields in which two objects differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Compares field by field as structured-merge-diff does: containers that come or go count as fields too. */
export function compare(before: Json, after: Json, schema: SchemaNode): Comparison {
  const result: Comparison = {
    added: new FieldSet(),
    removed: new FieldSet(),
    modified: new FieldSet(),
  };
  walk(before, after, schema, result);
  result.added.member = false;
  result.removed.member = false;
  result.modified.member = false;
  return result;
}

function walk(
  before: Json | undefined,
  after: Json | undefined,
  schema: SchemaNode,
  at: Comparison,
): void {
  if (before === after) return;
  const pair = containers(before, after, schema);
  if (pair) {
    for (const [element, from, to, place] of pair) {
      walkChild(element, from, to, place, at);
    }
  } else if (before !== undefined && after !== undefined && !equalJson(before, after)) {
    at.modified.member = true;
  }
  if (before === undefined) at.added.member = true;
  if (after === undefined) at.removed.member = true;
}

function walkChild(
  element: PathElement,
  from: Json | undefined,
  to: Json | undefined,
  schema: SchemaNode,
  at: Comparison,
): void {
  if (from === to) return;
  walk(from, to, schema, {
    added: at.added.child(element),
    removed: at.removed.child(element),
    modified: at.modified.child(element),
  });
}

type ChildPair = readonly [PathElement, Json | undefined, Json | undefined, SchemaNode];

/** The children to compare one by one; undefined where the two are compared as wholes. */
function containers(
  before: Json | undefined,
  after: Json | undefined,
  schema: SchemaNode,
): Iterable<ChildPair> | undefined {
  const known = (after === undefined || after === null ? before : after) ?? null;
  if (isJsonArray(known)) {
    const [left, right] = [orEmpty(before, isJsonArray), orEmpty(after, isJsonArray)];
    if (!left || !right || schema.listType === 'atomic') return undefined;
    return left.length + right.length === 0 ? undefined : itemPairs(left, right, schema);
  }
  if (isJsonObject(known)) {
    const [left, right] = [objectOrEmpty(before), objectOrEmpty(after)];
    if (!left || !right || schema.isAtomicMap) return undefined;
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return names.size === 0 ? undefined : fieldPairs(left, right, names, schema);
  }
  return undefined;
}

function orEmpty(value: Json | undefined, is: typeof isJsonArray): JsonArray | undefined {
  return value === undefined || value === null ? [] : is(value) ? value : undefined;
}

function objectOrEmpty(value: Json | undefined): JsonObject | undefined {
  return value === undefined || value === null ? {} : isJsonObject(value) ? value : undefined;
}

function* itemPairs(left: JsonArray, right: JsonArray, schema: SchemaNode): Iterable<ChildPair> {
  const [before, after] = [itemsByElement(left, schema), itemsByElement(right, schema)];
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    yield [element, before.get(element), after.get(element), schema.element()];
  }
}

function* fieldPairs(
  left: JsonObject,
  right: JsonObject,
  names: ReadonlySet<string>,
  schema: SchemaNode,
): Iterable<ChildPair> {
  for (const name of names) {
    yield [fieldElement(name), fieldOf(left, name), fieldOf(right, name), schema.field(name)];
  }
}
