import type { Clock } from '../../runtime/clock.ts';

interface Entry {
  readonly due: number;
  /** Entries due at the same time keep their order. */
  readonly serial: number;
  readonly key: string;
}

/**
 * What is due when, by the monotonic clock: one timer for all, none while nothing is due. Entries are
 * kept in a binary heap, so that tens of thousands of them cost little.
 */
export class Timetable {
  readonly #clock: Clock;
  readonly #heap: Entry[] = [];
  #serial = 0;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many keys wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** Has `key` called after `delayMs`. The same key may wait several times. */
  after(delayMs: number, key: string): void {
    const entry = { due: this.#clock.monotonic() + delayMs, serial: this.#serial++, key };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    if (this.#heap[0] === entry) this.#wake?.();
  }

  /** Calls `handle` with each key when it is due, until `signal` aborts. */
  async run(handle: (key: string) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [next] = this.#heap;
      const delayMs = next ? next.due - this.#clock.monotonic() : undefined;
      if (next && delayMs !== undefined && delayMs <= 0) {
        this.#removeFirst();
        handle(next.key);
      } else await this.#wait(delayMs, signal);
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return (
      a !== undefined &&
      b !== undefined &&
      (a.due < b.due || (a.due === b.due && a.serial < b.serial))
    );
  }

  /** Puts the entry at `child` in the place of the one at `parent` when it is due before that. */
  #swapIfBefore(child: number, parent: number): boolean {
    const [a, b] = [this.#heap[child], this.#heap[parent]];
    if (!a || !b || !this.#isBefore(child, parent)) return false;
    this.#heap[parent] = a;
    this.#heap[child] = b;
    return true;
  }

  async #wait(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    try {
      if (delayMs !== undefined) await this.#clock.sleep(delayMs, either);
      else if (!either.aborted) {
        await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
      }
    } catch (error) {
      if (!either.aborted) throw error;
    } finally {
      this.#wake = undefined;
    }
  }
}
