import { equalJson, fieldOf, isJsonObject, type Json, type JsonObject, objectOf } from '../json.ts';
import { PatchError } from '../patch-error.ts';
import type { SchemaNode } from '../schema.ts';
import type { FieldSet } from './field-set.ts';
import { toleratesLastApplied } from './last-applied.ts';
import {
  type Manager,
  managerKey,
  type OwnedFields,
  type Owners,
  readOwners,
  withOwners,
} from './managed-fields.ts';
import { mergeApplied } from './merge.ts';
import { ownedFields } from './owned-fields.ts';
import { ownable, takeOver } from './ownership.ts';
import { removeFields } from './remove.ts';
import { requireTyped } from './typed-check.ts';

export interface ApplyOptions {
  /** As stored; undefined when the object does not exist yet. */
  readonly live: JsonObject | undefined;
  /** The body: what this manager wants, and nothing else. */
  readonly applied: JsonObject;
  /** `fieldManager` of the request. */
  readonly manager: string;
  readonly subresource?: string;
  /** Whether to take fields from other managers. */
  readonly force: boolean;
  readonly schema: SchemaNode;
  /** RFC 3339, seconds. */
  readonly time: string;
}

/** The manager that kubectl applies as, unless told otherwise. */
const KUBECTL = 'kubectl';

/**
 * Server-side apply: the live object with what the manager applies, without what it applied before and
 * nobody else owns, and with `metadata.managedFields` brought up to date. Defaults and validation come
 * after it. Returns `live` itself when nothing changes. Follows structured-merge-diff.
 * @throws PatchError 409 naming managers and fields; 400 for managedFields in the body; 500 for what
 *   the schema does not know, as the API server answers
 */
export function serverSideApply(options: ApplyOptions): JsonObject {
  const { live, applied, manager, subresource = '', schema, time } = options;
  const apiVersion = text(applied, 'apiVersion');
  const { managedFields, ...metadata } = objectOf(applied, 'metadata') ?? {};
  if (managedFields !== undefined && managedFields !== null) {
    throw new PatchError(400, 'metadata.managedFields must be nil');
  }
  requireTyped(applied, schema, describe(applied));
  const by: Manager = { manager, operation: 'Apply', apiVersion, subresource };
  const before = withoutOwners(live ?? {});
  const owners = ownersBefore(live, before, schema);
  const config = { ...applied, ...(applied.metadata === undefined ? {} : { metadata }) };
  const fields = ownable(ownedFields(config, schema));
  const key = managerKey(by);
  const known = owners.get(key);
  const next = new Map(owners).set(key, { ...by, time: known?.time ?? time, fields });
  const merged = mergeApplied(before, config, schema);
  const after = known ? prune(merged, known.fields, next, schema) : merged;
  const force =
    options.force ||
    (manager === KUBECTL &&
      toleratesLastApplied({ live: before, before, after, owners: next, by: key, schema }));
  const taken = takeOver({ before, after, owners: next, by: key, force, schema }).owners;
  if (live && equalJson(before, after) && sameOwners(owners, taken)) return live;
  taken.set(key, { ...by, time, fields });
  return withOwners(isJsonObject(after) ? after : {}, taken);
}

/** Removes what the manager applied before and does not own any more, unless others do. */
function prune(merged: Json, last: FieldSet, owners: Owners, schema: SchemaNode): Json {
  let owned = last.difference(last);
  for (const { fields } of owners.values()) owned = owned.union(fields);
  const gone = last.withNamedFields(schema).difference(owned.withNamedFields(schema));
  return removeFields(merged, gone, schema) ?? {};
}

/** An object from before anybody kept account belongs to whoever made it. */
function ownersBefore(
  live: JsonObject | undefined,
  before: JsonObject,
  schema: SchemaNode,
): Owners {
  if (!live) return new Map();
  const known = readOwners(live);
  if (known) return known;
  const unknown: OwnedFields = {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion: text(live, 'apiVersion'),
    subresource: '',
    time: undefined,
    fields: ownable(ownedFields(before, schema)),
  };
  return new Map([[managerKey(unknown), unknown]]);
}

function sameOwners(left: Owners, right: Owners): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([key, owner]) => right.get(key)?.fields.equals(owner.fields) === true);
}

function withoutOwners(object: JsonObject): JsonObject {
  return withOwners(object, undefined);
}

function describe(applied: JsonObject): string {
  const metadata = objectOf(applied, 'metadata') ?? {};
  return `${text(metadata, 'namespace')}/${text(metadata, 'name')}; ${text(applied, 'apiVersion')}, Kind=${text(applied, 'kind')}`;
}

function text(object: JsonObject, key: string): string {
  const value = fieldOf(object, key);
  return typeof value === 'string' ? value : '';
}
