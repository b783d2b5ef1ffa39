interface Subscription {
  /** Undefined: of any. */
  readonly namespace: string | undefined;
  readonly listener: () => void;
}

/** Tells watchers that the stream under them was begun anew. They lose nothing by it; some count it. */
export class WatchRestarts {
  readonly #subscriptions = new Map<string, Set<Subscription>>();

  /**
   * Calls `listener` at each restart of a watch of `resource`, of one namespace (or of all at once) where
   * one is given, until disposed of.
   */
  subscribe(resource: string, listener: () => void, namespace?: string): Disposable {
    const subscription = { namespace, listener };
    const subscriptions = this.#subscriptions.get(resource) ?? new Set();
    this.#subscriptions.set(resource, subscriptions.add(subscription));
    return { [Symbol.dispose]: () => void subscriptions.delete(subscription) };
  }

  /** @param namespace of the watch; undefined: of all namespaces */
  tell(resource: string, namespace?: string): void {
    for (const subscription of this.#subscriptions.get(resource) ?? []) {
      const other = subscription.namespace;
      if (namespace === undefined || other === undefined || other === namespace)
        subscription.listener();
    }
  }
}
