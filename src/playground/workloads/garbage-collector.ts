import type { Json, JsonObject } from '../patch/json.ts';
import type { Change } from '../storage/change-log.ts';
import type { ObjectStore } from '../store.ts';
import {
  at,
  isTerminating,
  listAt,
  nameOf,
  namespaceOf,
  textAt,
  uidOf,
  withMetadata,
} from './fields.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

interface Dependent {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Deletes what belongs to objects that are gone. Background: after its owner. Foreground: before it,
 * which waits for it. Orphan: not at all; it is let go. An object with several owners goes with the last.
 */
export class GarbageCollector {
  readonly #store: ObjectStore;
  readonly #enqueue: (uid: string) => void;
  readonly #alive = new Map<string, Dependent>();
  /** Dependents by the UID of each of their owners. */
  readonly #dependents = new Map<string, Set<string>>();
  readonly #owners = new Map<string, readonly string[]>();

  /** @param enqueue asks for `sync` of the object with this UID, later */
  constructor(store: ObjectStore, enqueue: (uid: string) => void) {
    this.#store = store;
    this.#enqueue = enqueue;
  }

  /** Takes notice of a change of any resource. */
  observe(
    resource: string,
    { type, namespace, name, object }: Pick<Change, 'type' | 'namespace' | 'name' | 'object'>,
  ): void {
    const uid = uidOf(object);
    if (type === 'DELETED') {
      this.#alive.delete(uid);
      for (const owner of this.#owners.get(uid) ?? []) this.#enqueue(owner);
      this.#setOwners(uid, []);
      if (this.#dependents.has(uid)) this.#enqueue(uid);
      return;
    }
    this.#alive.set(uid, { resource, namespace, name });
    const owners = listAt(object, 'metadata', 'ownerReferences').map((owner) =>
      textAt(owner, 'uid'),
    );
    this.#setOwners(uid, owners);
    for (const owner of owners) if (!this.#alive.has(owner)) this.#enqueue(owner);
    if (isTerminating(object) && (has(object, FOREGROUND) || has(object, ORPHAN)))
      this.#enqueue(uid);
  }

  /** Looks after the dependents of one object, there or gone. */
  sync(uid: string): void {
    const place = this.#alive.get(uid);
    const owner = place && this.#read(place);
    const dependents = [...(this.#dependents.get(uid) ?? [])];
    if (!owner) for (const dependent of dependents) this.#collect(dependent);
    else if (isTerminating(owner) && has(owner, ORPHAN)) this.#orphan(uid, owner, dependents);
    else if (isTerminating(owner) && has(owner, FOREGROUND)) this.#deleteFirst(owner, dependents);
  }

  #collect(uid: string): void {
    const place = this.#alive.get(uid);
    const object = place && this.#read(place);
    if (!object || isTerminating(object)) return;
    const owners = listAt(object, 'metadata', 'ownerReferences');
    const left = owners.filter((owner) => this.#alive.has(textAt(owner, 'uid')));
    if (left.length === 0)
      this.#store
        .collection(place.resource)
        .delete(place.namespace, place.name, { propagationPolicy: 'Background' });
    else if (left.length < owners.length)
      this.#write(place, withMetadata(object, { ownerReferences: left }));
  }

  #orphan(uid: string, owner: JsonObject, dependents: readonly string[]): void {
    for (const dependent of dependents) {
      const place = this.#alive.get(dependent);
      const object = place && this.#read(place);
      if (!object) continue;
      const left = listAt(object, 'metadata', 'ownerReferences').filter(
        (each) => textAt(each, 'uid') !== uid,
      );
      this.#write(
        place,
        withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined }),
      );
    }
    this.#release(owner, ORPHAN);
  }

  #deleteFirst(owner: JsonObject, dependents: readonly string[]): void {
    const blocking = dependents.filter((uid) => this.#deleteDependent(uid, uidOf(owner)));
    if (blocking.length === 0) this.#release(owner, FOREGROUND);
  }

  /** @returns whether the owner has to wait for it */
  #deleteDependent(uid: string, owner: string): boolean {
    const place = this.#alive.get(uid);
    const object = place && this.#read(place);
    if (!object) return false;
    if (!isTerminating(object)) {
      this.#store
        .collection(place.resource)
        .delete(place.namespace, place.name, { propagationPolicy: 'Foreground' });
    }
    const reference = listAt(object, 'metadata', 'ownerReferences').find(
      (each) => textAt(each, 'uid') === owner,
    );
    return at(reference, 'blockOwnerDeletion') === true && this.#alive.has(uid);
  }

  #release(owner: JsonObject, finalizer: string): void {
    const place = this.#alive.get(uidOf(owner));
    if (!place) return;
    const left: readonly Json[] = listAt(owner, 'metadata', 'finalizers').filter(
      (each) => each !== finalizer,
    );
    this.#write(place, withMetadata(owner, { finalizers: left.length > 0 ? left : undefined }));
  }

  #read({ resource, namespace, name }: Dependent): JsonObject | undefined {
    return this.#store.has(resource)
      ? this.#store.collection(resource).get(namespace, name)
      : undefined;
  }

  #write({ resource }: Dependent, object: JsonObject): void {
    this.#store.collection(resource).modify(namespaceOf(object), nameOf(object), () => object);
  }

  #setOwners(uid: string, owners: readonly string[]): void {
    for (const owner of this.#owners.get(uid) ?? []) {
      const dependents = this.#dependents.get(owner);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner);
    }
    if (owners.length === 0) this.#owners.delete(uid);
    else this.#owners.set(uid, owners);
    for (const owner of owners) {
      const dependents = this.#dependents.get(owner);
      if (dependents) dependents.add(uid);
      else this.#dependents.set(owner, new Set([uid]));
    }
  }
}

function has(object: JsonObject, finalizer: string): boolean {
  return listAt(object, 'metadata', 'finalizers').includes(finalizer);
}
