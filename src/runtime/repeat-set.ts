import { setMaxListeners } from 'node:events';
import type { Run } from './child-set.ts';

interface Lane {
  /** What is to be done after what is being done. */
  next: Run | undefined;
  ended: Promise<void>;
}

/**
 * Work by key that is asked for again and again: at most one runs of each key, and what is asked for
 * meanwhile is done once more after it, however often it was asked for. So the last request always sees the
 * last state, and nothing is cut short.
 */
export class RepeatSet implements AsyncDisposable {
  readonly #signal: AbortSignal;
  readonly #onFailure: (key: string, error: unknown) => void;
  readonly #lanes = new Map<string, Lane>();

  /** @param onFailure told of work that rejected while `signal` had not aborted */
  constructor(signal: AbortSignal, onFailure: (key: string, error: unknown) => void) {
    setMaxListeners(0, signal);
    this.#signal = signal;
    this.#onFailure = onFailure;
  }

  /** Does it now, or after what is being done under this key. */
  run(key: string, work: Run): void {
    if (this.#signal.aborted) return;
    const lane = this.#lanes.get(key);
    if (lane !== undefined) {
      lane.next = work;
      return;
    }
    const begun: Lane = { next: work, ended: Promise.resolve() };
    this.#lanes.set(key, begun);
    begun.ended = this.#follow(key, begun);
  }

  /** Resolves when nothing runs any more; the signal has to abort for what does not end by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(({ ended }) => ended));
  }

  async #follow(key: string, lane: Lane): Promise<void> {
    for (let work = lane.next; work !== undefined && !this.#signal.aborted; work = lane.next) {
      lane.next = undefined;
      try {
        await work(this.#signal);
      } catch (error) {
        if (!this.#signal.aborted) this.#onFailure(key, error);
      }
    }
    this.#lanes.delete(key);
  }
}
