/** Hands over what is pushed, in order, to one taker that waits for it. */
export class EventQueue<T> {
  #waiting: T[] = [];
  /** What is handed over first, of `#waiting`. */
  #head = 0;
  #wake: (() => void) | undefined;
  #closed = false;

  push(value: T): void {
    if (this.#closed) return;
    this.#waiting.push(value);
    this.#wake?.();
  }

  /** Ends it: what was not taken is dropped. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#wake?.();
  }

  /** The next value, when there is one; undefined once it is closed. One call at a time. */
  async next(): Promise<T | undefined> {
    while (!this.#closed && this.#head >= this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#closed ? undefined : this.#waiting[this.#head++];
  }
}
