import type { JsonObject } from '../patch/json.ts';
import type { Collection } from '../storage/collection.ts';
import {
  at,
  controlledBy,
  isTerminating,
  listAt,
  nameOf,
  namespaceOf,
  objectAt,
  uidOf,
  withMetadata,
} from './fields.ts';
import { matchesSelector } from './label-selector.ts';
import type { OwnerIndex } from './owner-index.ts';

export interface Claimant {
  readonly object: JsonObject;
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Lets go what a controller owns and its selector does not match any more, and takes what it matches and
 * nobody owns: how a pod is taken out of its ReplicaSet by a label, and orphans find a new owner.
 * @param dependents what may be owned, and the index of it
 */
export function claimObjects(
  { object, apiVersion, kind }: Claimant,
  dependents: Collection,
  index: OwnerIndex,
): void {
  if (isTerminating(object)) return;
  const selector = objectAt(object, 'spec', 'selector');
  const matches = (other: JsonObject) =>
    matchesSelector(selector, objectAt(other, 'metadata', 'labels'));
  const write = (other: JsonObject, ownerReferences: JsonObject['x'] | undefined) =>
    dependents.modify(namespaceOf(other), nameOf(other), (now) =>
      withMetadata(now, { ownerReferences }),
    );
  for (const owned of [...index.of(uidOf(object)).values()]) {
    if (isTerminating(owned) || matches(owned)) continue;
    const left = listAt(owned, 'metadata', 'ownerReferences').filter(
      (owner) => at(owner, 'uid') !== uidOf(object),
    );
    write(owned, left.length > 0 ? left : undefined);
  }
  for (const orphan of [...index.orphansIn(namespaceOf(object)).values()]) {
    if (isTerminating(orphan) || !matches(orphan)) continue;
    write(orphan, [
      ...listAt(orphan, 'metadata', 'ownerReferences'),
      controlledBy(object, apiVersion, kind),
    ]);
  }
}
