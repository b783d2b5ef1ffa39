import { setMaxListeners } from 'node:events';

/** A piece of work that runs until its signal aborts; it resolves when stopped and rejects when broken. */
export type Run = (signal: AbortSignal) => Promise<void>;

export interface ChildSetOptions {
  /** Told of a child that rejected while nobody had stopped it. Default: the error is thrown by `dispose`. */
  readonly onFailure?: (key: string, error: unknown) => void;
}

interface Child {
  readonly controller: AbortController;
  ended: Promise<void>;
}

/**
 * Children by key, each `run(signal)`. A key has at most one child running: starting it again aborts
 * the one before and begins when that has ended. No call waits for another key's child.
 *
 * `idle -> running -> stopping -> idle`, per key; `start` while running or stopping queues behind it.
 */
export class ChildSet implements AsyncDisposable {
  readonly #children = new Map<string, Child>();
  readonly #parent: AbortSignal;
  readonly #onParentAbort = () => this.#abortAll(this.#parent.reason);
  readonly #onFailure: (key: string, error: unknown) => void;
  readonly #failures: unknown[] = [];
  #disposed = false;

  /** Children's signals abort when `parent` does, with its reason. */
  constructor(parent: AbortSignal, { onFailure }: ChildSetOptions = {}) {
    this.#parent = parent;
    this.#onFailure = onFailure ?? ((_key, error) => this.#failures.push(error));
    setMaxListeners(0, parent);
    parent.addEventListener('abort', this.#onParentAbort, { once: true });
  }

  /** How many children run or are ending. */
  get size(): number {
    return this.#children.size;
  }

  /** Whether a child of this key runs and has not been told to stop. */
  has(key: string): boolean {
    return this.#children.get(key)?.controller.signal.aborted === false;
  }

  /** Keys of the children that run and have not been told to stop. */
  keys(): string[] {
    return [...this.#children.keys()].filter((key) => this.has(key));
  }

  /** Starts a child, in place of the one with this key, once that has ended. */
  start(key: string, run: Run): void {
    if (this.#disposed || this.#parent.aborted) return;
    const before = this.#children.get(key);
    before?.controller.abort();
    const controller = new AbortController();
    const child: Child = { controller, ended: Promise.resolve() };
    this.#children.set(key, child);
    child.ended = this.#follow(key, child, before?.ended, run);
  }

  /** Aborts the child of this key and resolves when it has ended; at once if there is none. */
  async stop(key: string, reason?: unknown): Promise<void> {
    const child = this.#children.get(key);
    child?.controller.abort(reason);
    await child?.ended;
  }

  /** Aborts all children and resolves when they have ended. */
  async stopAll(reason?: unknown): Promise<void> {
    this.#abortAll(reason);
    await Promise.all([...this.#children.values()].map(({ ended }) => ended));
  }

  /** Resolves when no child runs any more; rejects with the first failure that nobody was told of. */
  async ended(): Promise<void> {
    while (this.#failures.length === 0 && this.#children.size > 0) {
      await Promise.race([...this.#children.values()].map(({ ended }) => ended));
    }
    if (this.#failures.length > 0) throw this.#failures.shift();
  }

  /** Stops all children; throws an AggregateError of what failed, unless `onFailure` was told. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#parent.removeEventListener('abort', this.#onParentAbort);
    await this.stopAll(this.#parent.reason);
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'children failed');
  }

  async #follow(
    key: string,
    child: Child,
    before: Promise<void> | undefined,
    run: Run,
  ): Promise<void> {
    await before;
    const { signal } = child.controller;
    try {
      if (!signal.aborted) await run(signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) this.#onFailure(key, error);
    } finally {
      if (this.#children.get(key) === child) this.#children.delete(key);
    }
  }

  #abortAll(reason: unknown): void {
    for (const { controller } of this.#children.values()) controller.abort(reason);
  }
}
