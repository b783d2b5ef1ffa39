import type { KubernetesObject } from './resource.ts';
import type { ObjectEvent } from './watch-event.ts';

/** What a watch has yielded so far, to tell what is new when everything is listed again. */
export class KnownObjects<T extends KubernetesObject> {
  #objects = new Map<string, T>();

  /** The event that this change is to somebody who knows what we know; undefined when it is none. */
  apply(type: ObjectEvent<T>['type'], object: T): ObjectEvent<T> | undefined {
    const id = key(object);
    const before = this.#objects.get(id);
    if (type === 'DELETED') {
      return this.#objects.delete(id) ? { type, object } : undefined;
    }
    this.#objects.set(id, object);
    return { type: before === undefined ? 'ADDED' : 'MODIFIED', object };
  }

  /** Takes a new list for the truth and yields what changed since. */
  *replace(objects: readonly T[]): Generator<ObjectEvent<T>> {
    const before = this.#objects;
    this.#objects = new Map(objects.map((object) => [key(object), object]));
    for (const [id, object] of before) {
      const successor = this.#objects.get(id);
      if (successor?.metadata.uid !== object.metadata.uid) yield { type: 'DELETED', object };
    }
    for (const [id, object] of this.#objects) {
      const type = change(before.get(id), object);
      if (type !== undefined) yield { type, object };
    }
  }
}

function change<T extends KubernetesObject>(
  before: T | undefined,
  after: T,
): 'ADDED' | 'MODIFIED' | undefined {
  if (before?.metadata.uid !== after.metadata.uid) return 'ADDED';
  return before.metadata.resourceVersion === after.metadata.resourceVersion
    ? undefined
    : 'MODIFIED';
}

function key({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
