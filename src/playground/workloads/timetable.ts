import type { Clock } from '../../runtime/clock.ts';

interface Entry {
  readonly due: number;
  readonly key: string;
}

/** What is due when, by the monotonic clock: one timer for all, none while nothing is due. */
export class Timetable {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many keys wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** Has `key` called after `delayMs`. The same key may wait several times. */
  after(delayMs: number, key: string): void {
    const entry = { due: this.#clock.monotonic() + delayMs, key };
    const at = this.#placeOf(entry.due);
    this.#entries.splice(at, 0, entry);
    if (at === this.#entries.length - 1) this.#wake?.();
  }

  /** Calls `handle` with each key when it is due, until `signal` aborts. */
  async run(handle: (key: string) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.#entries.at(-1);
      const delayMs = next ? next.due - this.#clock.monotonic() : undefined;
      if (next && delayMs !== undefined && delayMs <= 0) {
        this.#entries.pop();
        handle(next.key);
      } else await this.#wait(delayMs, signal);
    }
  }

  /** Entries are kept latest first, so that what is due next is popped from the end. */
  #placeOf(due: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.due ?? 0) > due) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #wait(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    try {
      if (delayMs === undefined)
        await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
      else await this.#clock.sleep(delayMs, either);
    } catch (error) {
      if (!either.aborted) throw error;
    } finally {
      this.#wake = undefined;
    }
  }
}
