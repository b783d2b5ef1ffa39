import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { ChaosError } from '../runtime/errors.ts';
import { parseStatus } from './api-status.ts';
import { isApiError, KubernetesApiError, type KubernetesClient } from './client.ts';
import { guardedStream } from './guarded-stream.ts';
import { jsonLines } from './json-lines.ts';
import { KnownObjects } from './known-objects.ts';
import { listObjects } from './list-objects.ts';
import { acceptedTypes, type KubernetesObject, type Resource, resourcePath } from './resource.ts';
import { causeOf, type RestartCause } from './restart-cause.ts';
import { retryDelayMs } from './retry-policy.ts';
import type { SyncedEvent, WatchEvent } from './watch-event.ts';

export interface WatchObserver {
  /** A list or watch ended and another is begun. */
  restarted?(cause: RestartCause): void;
  /** An answer came: the API server is reached, and lets us. */
  reached?(): void;
  /** The list or watch cannot be had at present; it is tried again. */
  failed?(error: unknown, cause: RestartCause): void;
}

export interface WatchOptions<T extends KubernetesObject> {
  readonly client: KubernetesClient;
  readonly resource: Resource<T>;
  /** All namespaces without one. */
  readonly namespace?: string;
  /** After how long the API server ends a watch, which then goes on; s. */
  readonly timeoutSeconds: number;
  /** Default 500. */
  readonly pageSize?: number;
  /**
   * After how long without a byte a connection counts as dead, ms. Default 150 s: the API server sends a bookmark
   * about every minute (k8s.io/apiserver, cacher: bookmarkFrequency).
   */
  readonly idleTimeoutMs?: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer?: WatchObserver;
}

const DEFAULT_PAGE_SIZE = 500;
const DEFAULT_IDLE_TIMEOUT_MS = 150_000;
const BACKOFF = { initialMs: 100, maximumMs: 30_000 };
/** Between two parts of a list there is no pause to wait for, as there is between two changes. */
const LIST_IDLE_TIMEOUT_MS = 30_000;
/** A watch that lived so long shows that all is well, even if nothing happened in it, ms. */
const HEALTHY_LIFE_MS = 10_000;
/** How long at most until something that a person or another program must mend is looked for again, ms. */
const LONGEST_WAIT_MS: Partial<Record<RestartCause, number>> = {
  forbidden: 2_000,
  'not-found': 2_000,
  unauthorized: 5_000,
};

/**
 * All objects of a resource, and then their changes, until `signal` aborts: ADDED for each, SYNCED (of the
 * namespace, where it is about one), then ADDED, MODIFIED and DELETED as they happen.
 *
 * `list -> watch -> watch ... -> (410) list -> watch ...`: a connection that ends or breaks is resumed from
 * the last resourceVersion; where that is too old, everything is listed again and the difference yielded.
 * So a consumer sees no gap and no repetition, whatever happens, only latency.
 */
export async function* watchResource<T extends KubernetesObject>(
  options: WatchOptions<T>,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>, void> {
  const { clock, random, observer } = options;
  const known = new KnownObjects<T>();
  const backoff = new Backoff({ ...BACKOFF, random });
  /** From where the watch goes on; undefined: list first. */
  let from: string | undefined;
  let synced = false;
  let lastCause: RestartCause | undefined;
  while (!signal.aborted) {
    let delivered = false;
    try {
      if (from === undefined) {
        const listed = await list(options, signal);
        yield* known.replace(listed.objects);
        from = listed.resourceVersion;
        if (!synced) yield syncedEvent(options.namespace);
        synced = true;
      }
      const openedAt = clock.monotonic();
      try {
        for await (const message of watch(options, from, signal)) {
          delivered = true;
          lastCause = undefined;
          backoff.reset();
          from = message.resourceVersion;
          if (message.type !== 'BOOKMARK') yield* known.apply(message.type, message.object);
        }
      } finally {
        if (clock.monotonic() - openedAt >= HEALTHY_LIFE_MS) backoff.reset();
      }
      if (signal.aborted) return;
      observer?.restarted?.('timeout');
    } catch (error) {
      if (signal.aborted) return;
      const cause = causeOf(error);
      observer?.restarted?.(cause);
      if (cause === 'expired') {
        from = undefined;
        // An API server that was away says so when it is back; that is no reason to stay away. Twice is.
        if (lastCause !== cause) backoff.reset();
      } else {
        observer?.failed?.(error, cause);
        if (isForeignVersion(error)) from = undefined;
      }
      lastCause = cause;
      const patience = LONGEST_WAIT_MS[cause] ?? BACKOFF.maximumMs;
      const delayMs = Math.max(Math.min(backoff.next(), patience), retryDelayMs(error));
      await sleep(clock, delayMs, signal);
      continue;
    }
    // A server that ends every watch at once must not make us spin.
    if (!delivered) await sleep(clock, backoff.next(), signal);
  }
}

function syncedEvent(namespace: string | undefined): SyncedEvent {
  return { type: 'SYNCED', ...(namespace !== undefined && { namespace }) };
}

async function list<T extends KubernetesObject>(
  { client, resource, namespace, pageSize = DEFAULT_PAGE_SIZE, clock, observer }: WatchOptions<T>,
  signal: AbortSignal,
): Promise<{ readonly resourceVersion: string; readonly objects: readonly T[] }> {
  const objects: T[] = [];
  const take = (object: T) => void objects.push(object);
  const idleTimeoutMs = LIST_IDLE_TIMEOUT_MS;
  const onAnswer = () => observer?.reached?.();
  const resourceVersion = await listObjects(
    { client, clock, idleTimeoutMs, onAnswer, resource, namespace, pageSize },
    take,
    signal,
  );
  return { resourceVersion, objects };
}

type WatchMessage<T> =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly object: T;
      readonly resourceVersion: string;
    }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** One watch, from a resourceVersion until the API server ends it. */
async function* watch<T extends KubernetesObject>(
  options: WatchOptions<T>,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<WatchMessage<T>> {
  const { client, resource, namespace, timeoutSeconds, observer, clock } = options;
  const path = resourcePath(resource, namespace);
  const query = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
  const { metadataOnly, plural } = resource;
  const request = {
    verb: 'watch',
    resource: plural,
    path,
    query,
    accept: acceptedTypes('watch', metadataOnly),
  } as const;
  const { idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS } = options;
  const onAnswer = () => observer?.reached?.();
  const chunks = guardedStream({ client, clock, idleTimeoutMs, onAnswer }, request, signal);
  for await (const line of jsonLines(chunks)) {
    yield readMessage(line, request, resource);
  }
}

function readMessage<T extends KubernetesObject>(
  line: unknown,
  request: { readonly verb: 'watch'; readonly resource: string; readonly path: string },
  resource: Resource<T>,
): WatchMessage<T> {
  const { type, object } = fields(line);
  if (type === 'ERROR')
    throw new KubernetesApiError(request, parseStatus(object, 500, 'the watch failed'));
  if (type === 'BOOKMARK') {
    const { resourceVersion } = fields(fields(object).metadata);
    if (typeof resourceVersion === 'string') return { type, resourceVersion };
    const message = `watch ${request.resource}: expected a bookmark's resourceVersion, got none`;
    throw new ChaosError('ERR_KUBERNETES_RESPONSE', message);
  }
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    const stripped = resource.strip(object);
    return { type, object: stripped, resourceVersion: stripped.metadata.resourceVersion };
  }
  const message = `watch ${request.resource}: expected an event of a known type, got ${JSON.stringify(type)}`;
  throw new ChaosError('ERR_KUBERNETES_RESPONSE', message);
}

/**
 * Whether the API server does not know the resourceVersion, as after its etcd was restored from a backup:
 * 504 "Too large resource version", or 400. To ask for it again would be to ask for ever.
 */
function isForeignVersion(error: unknown): boolean {
  return isApiError(error, 504) || isApiError(error, 400);
}

async function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
