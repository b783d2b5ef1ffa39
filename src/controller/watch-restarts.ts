/** Tells watchers that the stream under them was begun anew. They lose nothing by it; some count it. */
export class WatchRestarts {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Calls `listener` at each restart of the watch of `resource`, until disposed of. */
  subscribe(resource: string, listener: () => void): Disposable {
    const listeners = this.#listeners.get(resource) ?? new Set();
    this.#listeners.set(resource, listeners.add(listener));
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  }

  tell(resource: string): void {
    for (const listener of this.#listeners.get(resource) ?? []) listener();
  }
}
