import {
  fieldOf,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
} from '../json.ts';
import { FieldSet } from './field-set.ts';

export type Operation = 'Apply' | 'Update';

/** Who changed something: one entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  /** `status`, `scale`; empty for the object itself. */
  readonly subresource: string;
}

export interface OwnedFields extends Manager {
  /** RFC 3339, seconds. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The entries of an object by {@link managerKey}. */
export type Owners = ReadonlyMap<string, OwnedFields>;

/** What tells two entries apart; one who applies keeps his entry when the API version changes. */
export function managerKey({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

/** Reads `metadata.managedFields`; undefined when there are none, or when an entry cannot be read. */
export function readOwners(object: JsonObject): Owners | undefined {
  const entries = fieldOf(objectOf(object, 'metadata') ?? {}, 'managedFields');
  if (!isJsonArray(entries) || entries.length === 0) return undefined;
  const owners = new Map<string, OwnedFields>();
  for (const entry of entries) {
    const owner = isJsonObject(entry) ? readEntry(entry) : undefined;
    if (!owner) return undefined;
    owners.set(managerKey(owner), owner);
  }
  return owners;
}

/** Whether somebody asks to forget all owners: a list of one empty entry. */
export function asksForReset(object: JsonObject): boolean {
  const entries = fieldOf(objectOf(object, 'metadata') ?? {}, 'managedFields');
  if (!isJsonArray(entries) || entries.length !== 1) return false;
  const [entry] = entries;
  return isJsonObject(entry) && Object.keys(entry).length === 0;
}

function readEntry(entry: JsonObject): OwnedFields | undefined {
  const operation = fieldOf(entry, 'operation');
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (fieldOf(entry, 'fieldsType') !== 'FieldsV1') return undefined;
  const time = fieldOf(entry, 'time');
  return {
    manager: text(entry, 'manager'),
    operation,
    apiVersion: text(entry, 'apiVersion'),
    subresource: text(entry, 'subresource'),
    time: typeof time === 'string' ? time : undefined,
    fields: FieldSet.fromFieldsV1(fieldOf(entry, 'fieldsV1')),
  };
}

function text(entry: JsonObject, key: string): string {
  const value = fieldOf(entry, key);
  return typeof value === 'string' ? value : '';
}

/** As `metadata.managedFields` has them: those who apply first, then by time and name. Empty ones go. */
export function writeOwners(owners: Owners): readonly JsonObject[] {
  return [...owners.values()]
    .filter(({ fields }) => !fields.isEmpty)
    .sort(
      (a, b) =>
        order(a.operation, b.operation) ||
        order(a.time ?? '', b.time ?? '') ||
        order(a.manager, b.manager) ||
        order(a.apiVersion, b.apiVersion) ||
        order(a.subresource, b.subresource),
    )
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields.toFieldsV1(),
      ...(subresource === '' ? {} : { subresource }),
    }));
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The object with these owners; without the field when there are none. */
export function withOwners(object: JsonObject, owners: Owners | undefined): JsonObject {
  const { managedFields: _old, ...metadata } = objectOf(object, 'metadata') ?? {};
  const entries: Json = owners ? writeOwners(owners) : [];
  return {
    ...object,
    metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries },
  };
}
