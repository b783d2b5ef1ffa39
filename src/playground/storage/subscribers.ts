import type { Change } from './change-log.ts';

/** Told of changes, in their order. Must not throw. */
export type ChangeListener = (change: Change) => void;

interface Subscriber {
  readonly listener: ChangeListener;
  /** What the listener has been told already, or does not want to know. */
  readonly after: number;
}

/**
 * Listeners that all see the same changes in the same order. A change made by a listener waits until
 * everybody has been told of the one it reacts to.
 */
export class Subscribers {
  readonly #subscribers = new Set<Subscriber>();
  #waiting: Change[] = [];
  #telling = false;

  add(listener: ChangeListener, after: number): Disposable {
    const subscriber = { listener, after };
    this.#subscribers.add(subscriber);
    return { [Symbol.dispose]: () => void this.#subscribers.delete(subscriber) };
  }

  tell(change: Change): void {
    this.#waiting.push(change);
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        for (const each of batch) this.#tellAll(each);
      }
    } finally {
      this.#telling = false;
    }
  }

  #tellAll(change: Change): void {
    for (const { listener, after } of this.#subscribers) {
      if (change.revision > after) listener(change);
    }
  }
}
