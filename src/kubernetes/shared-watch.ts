import { EventQueue } from './event-queue.ts';
import type { EventScope, ObjectSource } from './object-source.ts';
import type { KubernetesObject } from './resource.ts';
import type { ObjectEvent, SyncedEvent, WatchEvent } from './watch-event.ts';

/**
 * One stream of changes of all namespaces, handed out by namespace and name. However many watchers there
 * are, there is one stream; a subscription costs a queue and an entry in a map.
 */
export class SharedWatch<T extends KubernetesObject> implements ObjectSource<T> {
  readonly #stream: (signal: AbortSignal) => AsyncIterable<WatchEvent<T>>;
  readonly #byNamespace = new Map<string, Map<string, T>>();
  /** By scope: '' for all, `namespace/` and `namespace/name`. */
  readonly #queues = new Map<string, Set<EventQueue<WatchEvent<T>>>>();
  /** Which are synced before all are. */
  readonly #syncedNamespaces = new Set<string>();
  #size = 0;
  #synced = false;

  /** @param stream opens the one watch, as `watchResource` does */
  constructor(stream: (signal: AbortSignal) => AsyncIterable<WatchEvent<T>>) {
    this.#stream = stream;
  }

  get synced(): boolean {
    return this.#synced;
  }

  get size(): number {
    return this.#size;
  }

  /** How many subscriptions there are. */
  get subscriptions(): number {
    return [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Watches until `signal` aborts; subscriptions outlive it and get nothing more. */
  async run(signal: AbortSignal): Promise<void> {
    for await (const event of this.#stream(signal)) {
      if (event.type === 'SYNCED') this.#sync(event);
      else this.#apply(event);
    }
  }

  get(namespace: string, name: string): T | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  *list(namespace?: string): Iterable<T> {
    if (namespace !== undefined) {
      yield* this.#byNamespace.get(namespace)?.values() ?? [];
      return;
    }
    for (const objects of this.#byNamespace.values()) yield* objects.values();
  }

  async *events(scope: EventScope, signal: AbortSignal): AsyncGenerator<WatchEvent<T>, void> {
    if (signal.aborted) return;
    const key = scopeKey(scope);
    const queue = new EventQueue<WatchEvent<T>>();
    const queues = this.#queues.get(key) ?? new Set();
    this.#queues.set(key, queues.add(queue));
    const close = () => queue.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      for (const object of this.#known(scope)) queue.push({ type: 'ADDED', object });
      for (const event of this.#syncedOf(scope)) queue.push(event);
      for (let event = await queue.next(); event !== undefined; event = await queue.next())
        yield event;
    } finally {
      signal.removeEventListener('abort', close);
      queues.delete(queue);
      if (queues.size === 0 && this.#queues.get(key) === queues) this.#queues.delete(key);
    }
  }

  *#known({ namespace, name }: EventScope): Iterable<T> {
    if (name === undefined) {
      yield* this.list(namespace);
      return;
    }
    const object = this.get(namespace ?? '', name);
    if (object !== undefined) yield object;
  }

  /** What a subscriber that comes now has missed. */
  *#syncedOf({ namespace }: EventScope): Iterable<SyncedEvent> {
    if (this.#synced) yield { type: 'SYNCED' };
    else if (namespace === undefined) {
      for (const synced of this.#syncedNamespaces) yield { type: 'SYNCED', namespace: synced };
    } else if (this.#syncedNamespaces.has(namespace)) yield { type: 'SYNCED', namespace };
  }

  /** Told once to each: who was told of his namespace is not told again when all are synced. */
  #sync(event: SyncedEvent): void {
    const { namespace } = event;
    for (const [key, queues] of this.#queues) {
      const own = key.slice(0, Math.max(0, key.indexOf('/')));
      const concerned =
        key === '' ||
        (namespace === undefined ? !this.#syncedNamespaces.has(own) : own === namespace);
      if (concerned) for (const queue of queues) queue.push(event);
    }
    if (namespace === undefined) this.#synced = true;
    else this.#syncedNamespaces.add(namespace);
  }

  #apply(event: ObjectEvent<T>): void {
    const { namespace, name } = event.object.metadata;
    const objects = this.#byNamespace.get(namespace) ?? new Map<string, T>();
    const before = objects.size;
    if (event.type === 'DELETED') objects.delete(name);
    else objects.set(name, event.object);
    this.#size += objects.size - before;
    if (objects.size === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, objects);
    for (const key of ['', `${namespace}/`, `${namespace}/${name}`]) {
      for (const queue of this.#queues.get(key) ?? []) queue.push(event);
    }
  }
}

function scopeKey({ namespace, name }: EventScope): string {
  if (name !== undefined) return `${namespace ?? ''}/${name}`;
  return namespace === undefined ? '' : `${namespace}/`;
}
