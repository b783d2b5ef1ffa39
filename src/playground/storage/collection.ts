import { randomUUID } from 'node:crypto';
import { equalJson, type JsonObject } from '../patch/json.ts';
import { alreadyExists, conflict, expired, notFound, staleWrite } from '../status-error.ts';
import { type Change, ChangeLog } from './change-log.ts';
import {
  beginDeletion,
  checkPreconditions,
  type DeleteOptions,
  type Deletion,
  isDeletionDue,
} from './deletion.ts';
import { generateName } from './generate-name.ts';
import {
  metadataOf,
  nameOf,
  namespaceOf,
  resourceVersionOf,
  timestamp,
  uidOf,
  withMetadata,
} from './metadata.ts';
import { OrderedObjects, type Position } from './ordered-objects.ts';
import type { ResourceType } from './resource-type.ts';
import { asBefore } from './snapshot.ts';
import { type ChangeListener, Subscribers } from './subscribers.ts';

/** What collections share: one revision counter, one clock. */
export interface Revisions {
  readonly current: number;
  readonly historyLimit: number;
  next(): number;
  now(): number;
}

export interface WriteOptions {
  /** Answers as if, and changes nothing. */
  readonly dryRun?: boolean;
}

export interface UpdateOptions extends WriteOptions {
  /** Counts the generation up even if the spec is the same. */
  readonly bumpGeneration?: boolean;
}

export interface ListScope {
  readonly namespace?: string;
  /** The objects as of this revision. Default: as they are. */
  readonly revision?: number;
  /** Only what comes behind this position. */
  readonly after?: Position;
}

/**
 * All objects of one resource. Objects are never changed: a write puts another one in their place.
 * A write is done, with its place in the order of all changes, when the call returns; listeners are
 * told in that order, also when a listener writes.
 */
export class Collection {
  readonly type: ResourceType;
  readonly #revisions: Revisions;
  readonly #objects = new OrderedObjects();
  readonly #log: ChangeLog;
  readonly #subscribers = new Subscribers();

  constructor(type: ResourceType, revisions: Revisions) {
    this.type = type;
    this.#revisions = revisions;
    this.#log = new ChangeLog(revisions.historyLimit, revisions.current);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** How many objects a namespace has. */
  sizeOf(namespace: string): number {
    return this.#objects.sizeOf(namespace);
  }

  /** @param namespace empty for a cluster-scoped resource */
  get(namespace: string, name: string): JsonObject | undefined {
    return this.#objects.get(namespace, name);
  }

  /** @throws StatusError 404 */
  require(namespace: string, name: string): JsonObject {
    const object = this.get(namespace, name);
    if (!object) throw notFound(this.type, name);
    return object;
  }

  /**
   * The objects in the order of the API server. To be read at once, before anything is written.
   * @throws StatusError 410 when what was at `revision` is no longer known
   */
  list({ namespace, revision, after }: ListScope = {}): Iterable<JsonObject> {
    if (revision === undefined || revision === this.#revisions.current) {
      return this.#objects.in(namespace, after);
    }
    return asBefore(this.#objects, this.#since(revision), namespace, after);
  }

  /**
   * Stores a new object: name (by `generateName`), uid, creationTimestamp and generation are set here.
   * @throws StatusError 409 when there is one of this name
   */
  create(object: JsonObject, { dryRun = false }: WriteOptions = {}): JsonObject {
    const namespace = namespaceOf(object);
    const name = generateName(object, (taken) => this.get(namespace, taken) !== undefined);
    if (this.get(namespace, name)) throw alreadyExists(this.type, name);
    const created = withMetadata(object, {
      name,
      uid: randomUUID(),
      resourceVersion: undefined,
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
      generation: this.type.bumpsGeneration ? 1 : undefined,
      creationTimestamp: timestamp(this.#revisions.now()),
    });
    return dryRun ? created : this.#store('ADDED', created, undefined);
  }

  /**
   * Puts an object in the place of the one with its name; a no-op when nothing differs. What only the
   * store writes (uid, times, generation) is kept. An object whose deletion waited for this change goes.
   * @throws StatusError 404; 409 when `metadata.resourceVersion` or `uid` are given and others are stored
   */
  update(
    object: JsonObject,
    { dryRun = false, bumpGeneration = false }: UpdateOptions = {},
  ): JsonObject {
    const name = nameOf(object);
    const before = this.require(namespaceOf(object), name);
    const version = resourceVersionOf(object);
    const uid = uidOf(object);
    if (uid !== '' && uid !== uidOf(before)) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(before)}`;
      throw conflict(this.type, name, why);
    }
    if (version !== '' && version !== resourceVersionOf(before)) throw staleWrite(this.type, name);
    const after = this.#kept(before, object, bumpGeneration);
    if (equalJson(before, after)) return before;
    if (dryRun) return after;
    return isDeletionDue(this.type, after)
      ? this.#remove(after, before)
      : this.#store('MODIFIED', after, before);
  }

  /**
   * Reads, changes and stores one object; undefined from `change`, or an object that is not there: nothing.
   * @returns the object as it is then
   */
  modify(
    namespace: string,
    name: string,
    change: (object: JsonObject) => JsonObject | undefined,
  ): JsonObject | undefined {
    const before = this.get(namespace, name);
    const after = before && change(before);
    return after ? this.update(after) : before;
  }

  /**
   * Deletes one object, or marks it as being deleted when a grace period, finalizers or its content hold it.
   * @throws StatusError 404, 409
   */
  delete(namespace: string, name: string, options: DeleteOptions = {}): Deletion {
    const before = this.require(namespace, name);
    checkPreconditions(this.type, before, options.preconditions);
    const deletion = beginDeletion(this.type, before, options, this.#revisions.now());
    if (options.dryRun) return deletion;
    if (deletion.removed) return { object: this.#remove(before, before), removed: true };
    if (equalJson(before, deletion.object)) return { object: before, removed: false };
    return { object: this.#store('MODIFIED', deletion.object, before), removed: false };
  }

  /** Tells `listener` of every change from now on. */
  subscribe(listener: ChangeListener): Disposable {
    return this.#subscribers.add(listener, this.#revisions.current);
  }

  /**
   * Tells `listener` of every change after `revision`: those that have been before the call returns.
   * @throws StatusError 410 when some of them are no longer known
   */
  watch(revision: number, listener: ChangeListener): Disposable {
    const changes = this.#since(revision);
    for (const change of changes) listener(change);
    return this.#subscribers.add(listener, this.#revisions.current);
  }

  /** The last revision of which, and before which, nothing can be told. */
  get floor(): number {
    return this.#log.floor;
  }

  /** Forgets all changes up to now. */
  compact(): void {
    this.#log.compact(this.#revisions.current);
  }

  #since(revision: number): readonly Change[] {
    const changes = this.#log.since(revision);
    if (!changes) throw expired(`too old resource version: ${revision} (${this.#log.floor + 1})`);
    return changes;
  }

  #kept(before: JsonObject, after: JsonObject, bump: boolean): JsonObject {
    const own = metadataOf(before);
    const generation = own.generation;
    const bumped =
      typeof generation === 'number' && (bump || this.type.bumpsGeneration?.(before, after))
        ? generation + 1
        : generation;
    return withMetadata(after, {
      uid: own.uid,
      resourceVersion: own.resourceVersion,
      creationTimestamp: own.creationTimestamp,
      deletionTimestamp: own.deletionTimestamp,
      deletionGracePeriodSeconds: own.deletionGracePeriodSeconds,
      generateName: own.generateName,
      generation: bumped,
    });
  }

  #store(type: 'ADDED' | 'MODIFIED', object: JsonObject, previous: JsonObject | undefined) {
    const { revision, stamped, namespace, name } = this.#stamp(object);
    this.#objects.set(namespace, name, stamped);
    return this.#announce({ type, revision, namespace, name, object: stamped, previous });
  }

  #remove(object: JsonObject, previous: JsonObject): JsonObject {
    const { revision, stamped, namespace, name } = this.#stamp(object);
    this.#objects.delete(namespace, name);
    return this.#announce({
      type: 'DELETED',
      revision,
      namespace,
      name,
      object: stamped,
      previous,
    });
  }

  #stamp(object: JsonObject) {
    const revision = this.#revisions.next();
    const stamped = withMetadata(object, { resourceVersion: String(revision) });
    return { revision, stamped, namespace: namespaceOf(stamped), name: nameOf(stamped) };
  }

  #announce(change: Change): JsonObject {
    this.#log.add(change);
    this.#subscribers.tell(change);
    return change.object;
  }
}
