import { equalJson, type JsonObject } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { emptyObject } from './empty-object.ts';
import {
  asksForReset,
  type Manager,
  type Owners,
  readOwners,
  withOwners,
} from './managed-fields.ts';
import { recordUpdate } from './ownership.ts';

export interface UpdateOptions {
  /** As stored; undefined for a create. */
  readonly live: JsonObject | undefined;
  /** The object as it is to be stored, defaults included. */
  readonly updated: JsonObject;
  /** `fieldManager` of the request, or the user agent up to its first `/`. */
  readonly manager: string;
  readonly apiVersion: string;
  /** `status`, `scale` …; empty or missing for the object itself. */
  readonly subresource?: string;
  readonly schema: SchemaNode;
  /** RFC 3339, seconds. */
  readonly time: string;
}

/**
 * The object with `metadata.managedFields` as they are after a create, an update or a patch other than
 * apply. A client that sends no owners, or unreadable ones, changes none; one that sends a list of one
 * empty entry forgets them; through a subresource they cannot be written.
 */
export function trackUpdate(options: UpdateOptions): JsonObject {
  const { live, updated, manager, apiVersion, subresource = '', schema, time } = options;
  if (asksForReset(updated) && subresource === '') return withOwners(updated, undefined);
  const before = withOwners(live ?? emptyObject(schema), undefined);
  const after = withOwners(updated, undefined);
  const owners = ownersToStartFrom(live, subresource === '' ? updated : undefined);
  if (equalJson(before, after)) return withOwners(updated, owners);
  const by: Manager = { manager, operation: 'Update', apiVersion, subresource };
  return withOwners(updated, recordUpdate({ before, after, owners, by, time, schema }));
}

function ownersToStartFrom(live: JsonObject | undefined, updated: JsonObject | undefined): Owners {
  return (updated && readOwners(updated)) ?? (live && readOwners(live)) ?? new Map();
}
