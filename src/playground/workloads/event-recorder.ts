import type { Clock } from '../../runtime/clock.ts';
import { canonicalJson, type JsonObject } from '../patch/json.ts';
import type { ObjectStore } from '../store.ts';
import { nameOf, namespaceOf, numberAt, textAt, timestamp, uidOf } from './fields.ts';
import { EVENTS } from './resources.ts';

export interface EventContent {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `deployment-controller`, `kubelet`. */
  readonly component: string;
  readonly host?: string;
  /** `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** Events kept; a real cluster forgets them after an hour. */
const MOST_EVENTS = 2_000;

interface Recorded {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
}

/** Leaves Events about objects, one per object, reason and message, with a count, and forgets the oldest. */
export class EventRecorder {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #recorded = new Map<string, Recorded>();
  #serial = 0;

  constructor(store: ObjectStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  record(about: JsonObject, content: EventContent): void {
    const key = canonicalJson([
      uidOf(about),
      content.reason,
      content.message,
      content.fieldPath ?? '',
    ]);
    const known = this.#recorded.get(key);
    const events = this.#store.collection(EVENTS);
    const lastTimestamp = timestamp(this.#clock.now());
    const again =
      known &&
      events.modify(known.namespace, known.name, (event) => ({
        ...event,
        count: numberAt(event, 'count') + 1,
        lastTimestamp,
      }));
    if (again) return;
    const name = `${nameOf(about)}.${(BigInt(Math.trunc(this.#clock.now() * 1000)) * 1000n + BigInt(this.#serial++)).toString(16)}`;
    const namespace = namespaceOf(about) || 'default';
    events.create(this.#event(about, content, namespace, name));
    this.#recorded.set(key, { key, namespace, name });
    this.#forgetOldest();
  }

  #event(about: JsonObject, content: EventContent, namespace: string, name: string): JsonObject {
    const { type = 'Normal', reason, message, component, host, fieldPath } = content;
    const time = timestamp(this.#clock.now());
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        kind: textAt(about, 'kind'),
        namespace: namespaceOf(about),
        name: nameOf(about),
        uid: uidOf(about),
        apiVersion: textAt(about, 'apiVersion'),
        resourceVersion: textAt(about, 'metadata', 'resourceVersion'),
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }

  #forgetOldest(): void {
    if (this.#recorded.size <= MOST_EVENTS) return;
    const [oldest] = this.#recorded.values();
    if (!oldest) return;
    this.#recorded.delete(oldest.key);
    const events = this.#store.collection(EVENTS);
    if (events.get(oldest.namespace, oldest.name)) events.delete(oldest.namespace, oldest.name);
  }
}
