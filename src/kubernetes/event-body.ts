import { createHash } from 'node:crypto';

/** Which object an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /**
   * Where its Events are. Empty for a cluster-scoped object: then in `default`. The API server wants an Event
   * to be in its object's namespace, whatever the object's kind.
   * Source: k8s.io/kubernetes, pkg/apis/core/validation/events.go.
   */
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

/** Source of all Events, as the old program called itself. */
const COMPONENT = 'chaos-monkey';

/** The API server refuses longer ones. Source: k8s.io/kubernetes, pkg/apis/core/validation/events.go. */
const LONGEST_MESSAGE = 1_024;

/** A name may have 253 characters (RFC 1123 subdomain); the rest is for the hash. */
const LONGEST_NAME_PREFIX = 230;

/**
 * The Event, as core/v1 has it. Its name is made of what it says, so that saying the same again meets it.
 * @param now milliseconds since the epoch
 */
export function eventBody({ object, type, reason, message }: EventNote, now: number) {
  const { apiVersion, kind, name, namespace, uid } = object;
  const timestamp = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${prefix(name)}.${digest(uid, reason, message)}`,
      // Events of cluster-scoped objects are accepted, and looked for, in `default`.
      namespace: namespace || 'default',
    },
    involvedObject: { apiVersion, kind, name, ...(namespace !== '' && { namespace }), uid },
    type,
    reason,
    message: message.slice(0, LONGEST_MESSAGE),
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
  };
}

/** A part of a name must not end in a dash or a dot either. */
function prefix(name: string): string {
  return name.slice(0, LONGEST_NAME_PREFIX).replace(/[^a-z0-9]+$/, '');
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
