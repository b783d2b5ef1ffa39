import type { Json, JsonObject } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { type Comparison, compare } from './compare.ts';
import { type Conflict, conflictError } from './conflicts.ts';
import { FieldSet } from './field-set.ts';
import { type Manager, managerKey, type OwnedFields, type Owners } from './managed-fields.ts';

/** Fields that nobody owns: the object's name, its version, and what the server writes. */
const UNOWNED: readonly (readonly string[])[] = [
  ['apiVersion'],
  ['kind'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'clusterName'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
];

export function ownable(fields: FieldSet): FieldSet {
  const metadata = fields.children.get('f:metadata');
  const owned = UNOWNED.reduce((set, path) => set.without(path), fields);
  const left = owned.children.get('f:metadata');
  if (metadata && left?.children.size === 0) owned.children.delete('f:metadata');
  return owned;
}

/** The same manager may own fields through different entries; only this one is left alone. */
export interface Takeover {
  readonly before: Json;
  readonly after: Json;
  readonly owners: Owners;
  /** Key of the entry of the one who changes. */
  readonly by: string;
  readonly force: boolean;
  readonly schema: SchemaNode;
}

/**
 * Takes what changes away from its other owners.
 * @throws PatchError 409 when somebody owns it and `force` is not set
 */
export function takeOver({ before, after, owners, by, force, schema }: Takeover): {
  readonly owners: Map<string, OwnedFields>;
  readonly changes: Comparison;
} {
  const changes = compare(before, after, schema);
  const taken = changes.modified.union(changes.added);
  const conflicts: (Conflict & { readonly key: string })[] = [];
  for (const [key, owner] of owners) {
    const fields = owner.fields.intersection(taken);
    if (key !== by && !fields.isEmpty) conflicts.push({ key, owner, fields });
  }
  if (!force && conflicts.length > 0) throw conflictError(conflicts);
  const left = new Map<string, OwnedFields>();
  for (const [key, owner] of owners) {
    const lost = conflicts.find((conflict) => conflict.key === key)?.fields ?? new FieldSet();
    const fields =
      key === by ? owner.fields : owner.fields.difference(lost).difference(changes.removed);
    left.set(key, { ...owner, fields });
  }
  return { owners: left, changes };
}

export interface RecordedUpdate {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly owners: Owners;
  readonly by: Manager;
  /** RFC 3339, seconds. */
  readonly time: string;
  readonly schema: SchemaNode;
}

/** The owners after a create, an update or a patch: whoever changes a field owns it from then on. */
export function recordUpdate({ before, after, owners, by, time, schema }: RecordedUpdate): Owners {
  const key = managerKey(by);
  const taken = takeOver({ before, after, owners, by: key, force: true, schema });
  const old = owners.get(key)?.fields ?? new FieldSet();
  const { added, modified, removed } = taken.changes;
  const fields = ownable(old.difference(removed).union(modified).union(added));
  if (!fields.isEmpty) {
    const known = taken.owners.get(key);
    const unchanged =
      known?.fields.equals(fields) === true && ownable(modified.union(added)).isEmpty;
    taken.owners.set(key, { ...by, time: unchanged ? known.time : time, fields });
  } else taken.owners.delete(key);
  return taken.owners;
}
