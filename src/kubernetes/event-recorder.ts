import type { Clock } from '../runtime/clock.ts';
import { isApiError, type KubernetesClient } from './client.ts';
import { type EventNote, eventBody } from './event-body.ts';
import { EventQueue } from './event-queue.ts';
import { resourcePath } from './resource.ts';
import { TokenBucket } from './token-bucket.ts';

export type { EventNote } from './event-body.ts';

export interface EventRecorderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** Events a second in the long run, and at once. Default 20 and 100. */
  readonly perSecond?: number;
  readonly burst?: number;
  /** How many wait at most before some are left out. Default 1 000; low ones may take half of it. */
  readonly capacity?: number;
  /** How long Events are still written when the program ends, ms. Default 1 000. */
  readonly drainMs?: number;
  readonly observe?: (result: 'sent' | 'aggregated' | 'dropped') => void;
  readonly onFailure?: (error: unknown) => void;
}

const DEFAULT_DRAIN_MS = 1_000;

/** How many counts are kept. */
const REMEMBERED = 4_000;

const events = { group: '', version: 'v1', plural: 'events' };

/**
 * Writes Events where `kubectl describe` and `kubectl get events` show them, at a bounded rate. The same
 * Event about the same object is one object that is counted up, as its name is made of what it says; so a
 * busy cluster is not flooded, and a restart does not repeat what was said once.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #queue = new EventQueue<EventNote>();
  readonly #capacity: number;
  /** How often each Event was told in this life, those told last. */
  readonly #counts = new Map<string, number>();
  #waiting = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 1_000;
  }

  /** Takes a note to be written soon. Never throws, never waits; leaves it out where there is too much. */
  record(note: EventNote): void {
    const room = note.priority === 'low' ? this.#capacity / 2 : this.#capacity;
    if (this.#waiting >= room) {
      this.#options.observe?.('dropped');
      return;
    }
    this.#waiting += 1;
    this.#queue.push(note);
  }

  /** Writes until `signal` aborts, and then for a short while what waits, as fast as it goes. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, perSecond = 20, burst = 100, drainMs = DEFAULT_DRAIN_MS } = this.#options;
    const bucket = new TokenBucket(clock, perSecond, burst);
    const ended = new AbortController();
    const drain = new AbortController();
    const onAbort = () => {
      if (this.#waiting === 0) this.#queue.close();
      clock.sleep(drainMs, ended.signal).then(
        () => drain.abort(),
        () => undefined,
      );
    };
    drain.signal.addEventListener('abort', () => this.#queue.close(), { once: true });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      for (
        let note = await this.#queue.next();
        note !== undefined;
        note = await this.#queue.next()
      ) {
        if (!signal.aborted) await clock.sleep(bucket.take(), signal).catch(() => undefined);
        await this.#write(note, drain.signal);
        this.#waiting -= 1;
        if (signal.aborted && this.#waiting === 0) return;
      }
    } finally {
      ended.abort();
      signal.removeEventListener('abort', onAbort);
      for (; this.#waiting > 0; this.#waiting -= 1) this.#options.observe?.('dropped');
    }
  }

  async #write(note: EventNote, signal: AbortSignal): Promise<void> {
    const { observe, onFailure } = this.#options;
    try {
      const isNew = await this.#create(note, signal);
      observe?.(isNew ? 'sent' : 'aggregated');
    } catch (error) {
      observe?.('dropped');
      if (!signal.aborted) onFailure?.(error);
    }
  }

  /** Counts up the Event if we know of it, else creates it. @returns whether it is new */
  async #create(note: EventNote, signal: AbortSignal): Promise<boolean> {
    const { client, clock } = this.#options;
    const body = eventBody(note, clock.now());
    const { namespace, name } = body.metadata;
    const id = `${namespace}/${name}`;
    const known = this.#counts.has(id);
    if (known && (note.once === true || (await this.#countUp(body, id, signal)))) return false;
    try {
      const path = resourcePath(events, namespace);
      const request = { verb: 'create', resource: 'events', path, body, repeatable: true } as const;
      await client.call(request, signal);
      this.#remember(id, 1);
      return true;
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
    if (note.once !== true) await this.#countUp(body, id, signal);
    else this.#remember(id, 1);
    return false;
  }

  /**
   * What an earlier life counted is not known and left as it is: reading it would need one more right.
   * @returns whether there was an Event: it lives an hour by default
   */
  async #countUp(
    { metadata, lastTimestamp }: ReturnType<typeof eventBody>,
    id: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const count = this.#counts.get(id);
    const body = { lastTimestamp, ...(count !== undefined && { count: count + 1 }) };
    const path = resourcePath(events, metadata.namespace, metadata.name);
    try {
      await this.#options.client.call({ verb: 'patch', resource: 'events', path, body }, signal);
      if (count !== undefined) this.#remember(id, count + 1);
      return true;
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
      this.#counts.delete(id);
      return false;
    }
  }

  /** Keeps the counts of the Events written last. */
  #remember(id: string, count: number): void {
    this.#counts.delete(id);
    this.#counts.set(id, count);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= REMEMBERED) break;
      this.#counts.delete(oldest);
    }
  }
}
