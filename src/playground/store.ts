import type { Clock } from '../runtime/clock.ts';
import { type QualifiedResource, qualified } from './status-error.ts';
import { Collection, type Revisions } from './storage/collection.ts';
import type { ResourceType } from './storage/resource-type.ts';

export interface ObjectStoreOptions {
  readonly clock: Clock;
  /** How many changes of each resource are remembered at least, for watches and pages. Default 10,000. */
  readonly historyLimit?: number;
}

/** A change to the set of resources. */
export interface ResourceChange {
  readonly type: 'ADDED' | 'DELETED';
  readonly collection: Collection;
}

/**
 * What etcd and the storage layer of an API server are together: objects as plain JSON in one version
 * each, under one revision that grows with every change. In memory, single-threaded; every call is done
 * when it returns.
 */
export class ObjectStore {
  readonly clock: Clock;
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<(change: ResourceChange) => void>();
  readonly #revisions: Revisions;
  #revision = 1;

  constructor({ clock, historyLimit = 10_000 }: ObjectStoreOptions) {
    this.clock = clock;
    const revision = () => this.#revision;
    this.#revisions = {
      historyLimit,
      get current() {
        return revision();
      },
      next: () => ++this.#revision,
      now: () => clock.now(),
    };
  }

  /** The revision of the latest change. */
  get revision(): number {
    return this.#revision;
  }

  /** Adds a resource; the same again is the collection that is there. */
  register(type: ResourceType): Collection {
    const known = this.#collections.get(qualified(type));
    if (known) return known;
    const collection = new Collection(type, this.#revisions);
    this.#collections.set(qualified(type), collection);
    for (const listener of this.#listeners) listener({ type: 'ADDED', collection });
    return collection;
  }

  /** Removes a resource. Its objects have to be gone, or go unannounced. */
  unregister(resource: QualifiedResource): void {
    const collection = this.#collections.get(qualified(resource));
    if (!collection) return;
    this.#collections.delete(qualified(resource));
    for (const listener of this.#listeners) listener({ type: 'DELETED', collection });
  }

  /**
   * The objects of a resource by its qualified plural: `pods`, `deployments.apps`.
   * @throws Error when no such resource is registered: a mistake of the program
   */
  collection(resource: string): Collection {
    const collection = this.#collections.get(resource);
    if (!collection) {
      const known = [...this.#collections.keys()].join(', ');
      throw new Error(`no resource ${JSON.stringify(resource)} in the store, only: ${known}`);
    }
    return collection;
  }

  /** Whether a resource is registered. */
  has(resource: string): boolean {
    return this.#collections.has(resource);
  }

  /** All resources, in the order they came: for what concerns every kind (namespaces, garbage). */
  collections(): IterableIterator<Collection> {
    return this.#collections.values();
  }

  /** Tells `listener` of resources that come and go. */
  onResource(listener: (change: ResourceChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Forgets the history: watches and page tokens from before now are answered with 410. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact();
  }
}
