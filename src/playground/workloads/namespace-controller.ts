import { qualified } from '../status-error.ts';
import type { ObjectStore } from '../store.ts';
import { isTerminating, listAt, merged, nameOf, objectAt } from './fields.ts';
import { EVENTS, NAMESPACES } from './resources.ts';

/** The finalizer in a namespace's spec that keeps it until its content is gone. */
const KUBERNETES = 'kubernetes';

/** Empties namespaces that are being deleted, and lets them go when they are empty. */
export class NamespaceController {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Looks at one namespace; called again whenever something in a terminating one goes. */
  sync(name: string): void {
    const namespace = this.#store.collection(NAMESPACES).get('', name);
    if (!namespace || !isTerminating(namespace)) return;
    // Events last, so that the end of everything else can still be told.
    const contents = [...this.#store.collections()].filter(({ type }) => type.namespaced);
    for (const { type } of contents)
      if (qualified(type) !== EVENTS) this.#empty(qualified(type), name);
    const rest = contents.filter(({ type }) => qualified(type) !== EVENTS);
    if (rest.some((collection) => collection.sizeOf(name) > 0)) return;
    this.#empty(EVENTS, name);
    this.#store.collection(NAMESPACES).modify('', nameOf(namespace), (now) => {
      const finalizers = listAt(now, 'spec', 'finalizers').filter((each) => each !== KUBERNETES);
      return {
        ...now,
        spec: merged(objectAt(now, 'spec'), {
          finalizers: finalizers.length > 0 ? finalizers : undefined,
        }),
      };
    });
  }

  #empty(resource: string, namespace: string): void {
    const collection = this.#store.collection(resource);
    for (const object of [...collection.list({ namespace })]) {
      if (!isTerminating(object))
        collection.delete(namespace, nameOf(object), { propagationPolicy: 'Background' });
    }
  }
}
