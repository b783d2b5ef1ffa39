import { createHash } from 'node:crypto';
import type { Clock } from '../runtime/clock.ts';
import { isApiError, type KubernetesClient } from './client.ts';
import { EventQueue } from './event-queue.ts';
import { resourcePath } from './resource.ts';
import { TokenBucket } from './token-bucket.ts';

/** Which object an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for a cluster-scoped object: its Events are in `default`. */
  readonly namespace: string;
  readonly uid: string;
}

/** Something to tell people about an object. */
export interface EventNote {
  readonly object: EventObject;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
  /** Told once in the life of the Event, however often it is recorded. Default: each time, counted up. */
  readonly once?: boolean;
  /** What is `low` is left out first when there is too much to tell. Default `normal`. */
  readonly priority?: 'low' | 'normal';
}

export interface EventRecorderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** Events a second in the long run, and at once. Default 20 and 100. */
  readonly perSecond?: number;
  readonly burst?: number;
  /** How many wait at most before some are left out. Default 1 000; low ones may take half of it. */
  readonly capacity?: number;
  readonly observe?: (result: 'sent' | 'aggregated' | 'dropped') => void;
  readonly onFailure?: (error: unknown) => void;
}

/** Source of all Events, as the old program called itself. */
const COMPONENT = 'chaos-monkey';

/** How long Events are still written when the program ends, ms. */
const DRAIN_MS = 1_000;

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

  /** Writes until `signal` aborts, and then for at most a second what waits, as fast as it goes. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, perSecond = 20, burst = 100 } = this.#options;
    const bucket = new TokenBucket(clock, perSecond, burst);
    const drain = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      if (this.#waiting === 0) this.#queue.close();
      timer = setTimeout(() => drain.abort(), DRAIN_MS);
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
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #write(note: EventNote, signal: AbortSignal): Promise<void> {
    const { observe, onFailure } = this.#options;
    try {
      observe?.((await this.#create(note, signal)) ? 'sent' : 'aggregated');
    } catch (error) {
      observe?.('dropped');
      if (!signal.aborted) onFailure?.(error);
    }
  }

  /** Creates the Event, or counts up the one there is. @returns whether it is new */
  async #create(note: EventNote, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const body = this.#event(note);
    const { namespace, name } = body.metadata;
    try {
      const path = resourcePath(events, namespace);
      await client.call(
        { verb: 'create', resource: 'events', path, body, repeatable: true },
        signal,
      );
      this.#remember(`${namespace}/${name}`, 1);
      return true;
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
    if (note.once !== true) await this.#countUp(namespace, name, body.lastTimestamp, signal);
    return false;
  }

  /** What an earlier life counted is not known and left as it is: reading it would need one more right. */
  async #countUp(
    namespace: string,
    name: string,
    lastTimestamp: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this.#options;
    const id = `${namespace}/${name}`;
    const count = this.#counts.get(id);
    if (count !== undefined) this.#remember(id, count + 1);
    const body = { lastTimestamp, ...(count !== undefined && { count: count + 1 }) };
    const path = resourcePath(events, namespace, name);
    await client.call({ verb: 'patch', resource: 'events', path, body }, signal);
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

  #event({ object, type, reason, message }: EventNote) {
    const namespace = object.namespace || 'default';
    const now = new Date(this.#options.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const id = createHash('sha256')
      .update(JSON.stringify([object.uid, reason, message]))
      .digest('hex')
      .slice(0, 16);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      // A name may have 253 characters (RFC 1123 subdomain, k8s.io/apimachinery validation).
      metadata: { name: `${object.name.slice(0, 230)}.${id}`, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.name,
        ...(object.namespace !== '' && { namespace: object.namespace }),
        uid: object.uid,
      },
      type,
      reason,
      message: message.slice(0, 1_024),
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
  }
}
