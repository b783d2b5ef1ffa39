import { setImmediate } from 'node:timers/promises';

/** Keys handled before the event loop gets its turn. */
const SLICE = 64;

/**
 * Keys that wait to be looked at, each once however often it was added. Whoever adds a key while it is
 * handled sees it handled again.
 */
export class WorkQueue {
  readonly #keys = new Set<string>();
  readonly #handle: (key: string) => void;
  #wake: (() => void) | undefined;

  /** @param handle must not throw; looks at the key's object and does what is needed */
  constructor(handle: (key: string) => void) {
    this.#handle = handle;
  }

  add(key: string): void {
    this.#keys.add(key);
    this.#wake?.();
  }

  /** Handles keys until `signal` aborts; costs nothing while there are none. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#wake?.();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (this.#keys.size === 0) await this.#more();
        else await setImmediate();
        this.#handleSlice(signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #handleSlice(signal: AbortSignal): void {
    let left = SLICE;
    for (const key of this.#keys) {
      if (left-- === 0 || signal.aborted) return;
      this.#keys.delete(key);
      this.#handle(key);
    }
  }

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
