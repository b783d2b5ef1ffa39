import type { JsonObject } from '../patch/json.ts';
import type { Change } from '../storage/change-log.ts';
import { controllerOf, namespaceOf, textAt, uidOf } from './fields.ts';

const NONE: ReadonlyMap<string, JsonObject> = new Map();

/** The objects of one resource by the UID of their controller, kept up to date by changes. */
export class OwnerIndex {
  readonly #byOwner = new Map<string, Map<string, JsonObject>>();
  readonly #ownerOf = new Map<string, string>();

  readonly #orphans = new Map<string, Map<string, JsonObject>>();

  /** The objects of a namespace that nobody controls, by UID. Not to be held across a change. */
  orphansIn(namespace: string): ReadonlyMap<string, JsonObject> {
    return this.#orphans.get(namespace) ?? NONE;
  }

  /** The objects that `owner` controls, by UID. Not to be held across a change. */
  of(owner: string): ReadonlyMap<string, JsonObject> {
    return this.#byOwner.get(owner) ?? NONE;
  }

  apply({ type, object }: Pick<Change, 'type' | 'object'>): void {
    const uid = uidOf(object);
    const owner = type === 'DELETED' ? '' : textAt(controllerOf(object), 'uid');
    const before = this.#ownerOf.get(uid);
    if (before !== undefined && before !== owner) {
      this.#ownerOf.delete(uid);
      remove(this.#byOwner, before, uid);
    }
    if (owner === '' && type !== 'DELETED') add(this.#orphans, namespaceOf(object), uid, object);
    else remove(this.#orphans, namespaceOf(object), uid);
    if (owner === '') return;
    this.#ownerOf.set(uid, owner);
    add(this.#byOwner, owner, uid, object);
  }
}

type Groups = Map<string, Map<string, JsonObject>>;

function add(groups: Groups, key: string, uid: string, object: JsonObject): void {
  const group = groups.get(key);
  if (group) group.set(uid, object);
  else groups.set(key, new Map([[uid, object]]));
}

function remove(groups: Groups, key: string, uid: string): void {
  const group = groups.get(key);
  group?.delete(uid);
  if (group?.size === 0) groups.delete(key);
}
