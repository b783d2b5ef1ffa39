import type { JsonObject } from '../patch/json.ts';
import type { Change } from '../storage/change-log.ts';
import { controllerOf, textAt, uidOf } from './fields.ts';

const NONE: ReadonlyMap<string, JsonObject> = new Map();

/** The objects of one resource by the UID of their controller, kept up to date by changes. */
export class OwnerIndex {
  readonly #byOwner = new Map<string, Map<string, JsonObject>>();
  readonly #ownerOf = new Map<string, string>();

  /** The objects that `owner` controls, by UID. Not to be held across a change. */
  of(owner: string): ReadonlyMap<string, JsonObject> {
    return this.#byOwner.get(owner) ?? NONE;
  }

  apply({ type, object }: Pick<Change, 'type' | 'object'>): void {
    const uid = uidOf(object);
    const owner = type === 'DELETED' ? '' : textAt(controllerOf(object), 'uid');
    const before = this.#ownerOf.get(uid);
    if (before !== undefined && before !== owner) this.#remove(before, uid);
    if (owner === '') return;
    this.#ownerOf.set(uid, owner);
    const owned = this.#byOwner.get(owner);
    if (owned) owned.set(uid, object);
    else this.#byOwner.set(owner, new Map([[uid, object]]));
  }

  #remove(owner: string, uid: string): void {
    this.#ownerOf.delete(uid);
    const owned = this.#byOwner.get(owner);
    owned?.delete(uid);
    if (owned?.size === 0) this.#byOwner.delete(owner);
  }
}
