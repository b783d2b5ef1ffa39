import { EventQueue } from '../../src/kubernetes/event-queue.ts';
import type { KubernetesObject } from '../../src/kubernetes/resource.ts';
import { SharedWatch } from '../../src/kubernetes/shared-watch.ts';
import type { WatchEvent } from '../../src/kubernetes/watch-event.ts';

/** A shared watch whose events a test makes. */
export class ManualWatch<T extends KubernetesObject> {
  readonly #queue = new EventQueue<WatchEvent<T>>();
  readonly source: SharedWatch<T>;

  constructor() {
    this.source = new SharedWatch((signal) => this.#stream(signal));
  }

  run(signal: AbortSignal): Promise<void> {
    return this.source.run(signal);
  }

  added(...objects: readonly T[]): void {
    for (const object of objects) this.#queue.push({ type: 'ADDED', object });
  }

  modified(object: T): void {
    this.#queue.push({ type: 'MODIFIED', object });
  }

  deleted(object: T): void {
    this.#queue.push({ type: 'DELETED', object });
  }

  /** @param namespace which is synced; default: all are */
  synced(namespace?: string): void {
    this.#queue.push({ type: 'SYNCED', ...(namespace !== undefined && { namespace }) });
  }

  async *#stream(signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const close = () => this.#queue.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      for (let event = await this.#queue.next(); event; event = await this.#queue.next())
        yield event;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }
}
