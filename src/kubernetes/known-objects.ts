import type { KubernetesObject } from './resource.ts';
import type { ObjectEvent } from './watch-event.ts';

/** What a watch has yielded so far, to tell what is new when everything is listed again. */
export class KnownObjects<T extends KubernetesObject> {
  #objects = new Map<string, T>();

  /**
   * The events that this change is to somebody who knows what we know: none for the end of something unknown,
   * two where an object has taken the name of another.
   */
  *apply(type: ObjectEvent<T>['type'], object: T): Generator<ObjectEvent<T>> {
    const id = key(object);
    const before = this.#objects.get(id);
    if (type === 'DELETED') {
      if (this.#objects.delete(id)) yield { type, object };
      return;
    }
    this.#objects.set(id, object);
    if (before?.metadata.uid === object.metadata.uid) {
      yield { type: 'MODIFIED', object };
      return;
    }
    if (before !== undefined) yield { type: 'DELETED', object: before };
    yield { type: 'ADDED', object };
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
