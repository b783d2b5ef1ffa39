import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { isApiError, type KubernetesClient } from './client.ts';
import { KnownObjects } from './known-objects.ts';
import { mergeWatches } from './merge-watches.ts';
import { resourcePath } from './resource.ts';
import { type Namespace, namespaces } from './resources/namespaces.ts';
import { causeOf, type RestartCause } from './restart-cause.ts';
import { retryDelayMs } from './retry-policy.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchObserver } from './watch-resource.ts';

export interface PollNamespacesOptions {
  readonly client: KubernetesClient;
  /** The namespaces to look at; one need not exist yet. */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  /** Who is told how each of them does. */
  readonly observer?: (name: string) => WatchObserver;
}

/** From one look to the next, ms; jitter adds and takes away a tenth, so that a change is seen within 2.2 s. */
const INTERVAL_MS = 2_000;
const JITTER = 0.1;
/** How long one look may take with its retries, ms. */
const DEADLINE_MS = 5_000;
/** After a look that failed, for another reason than what the API server knows of the namespace. */
const BACKOFF = { initialMs: 1_000, maximumMs: 10_000 };
/** Answers that say how it is, and that only somebody else can change. */
const ANSWERS: ReadonlySet<RestartCause> = new Set(['forbidden', 'not-found']);
/**
 * How many looks in a row have to be refused until a namespace that was seen counts as gone. The Role that
 * lets us look goes with the namespace, so its end may show as a refusal only; and what cannot be asked
 * whether it has opted out is not to be disturbed.
 */
const REFUSALS = 3;

/**
 * Some namespaces and their changes, until `signal` aborts, where a Role allows no more than to get each by
 * its name: ADDED, MODIFIED and DELETED as `watchResource` yields them, but seen up to 2.2 s later, and of
 * several changes in between the last. SYNCED once there has been an answer about each, be it a refusal.
 */
export function pollNamespaces(
  options: PollNamespacesOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<Namespace>, void> {
  const streams = options.names.map(
    (name) => (streamSignal: AbortSignal) => pollNamespace(options, name, streamSignal),
  );
  return mergeWatches(streams, signal);
}

async function* pollNamespace(
  { client, clock, random, observer: observe }: PollNamespacesOptions,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<Namespace>, void> {
  const observer = observe?.(name);
  const known = new KnownObjects<Namespace>();
  const backoff = new Backoff({ ...BACKOFF, random });
  let synced = false;
  let refusals = 0;
  while (!signal.aborted) {
    let delayMs = INTERVAL_MS * (1 - JITTER + 2 * JITTER * random());
    let answered = true;
    try {
      const namespace = namespaces.strip(await get(client, name, signal));
      observer?.reached?.();
      refusals = 0;
      yield* known.replace([namespace]);
    } catch (error) {
      if (signal.aborted) return;
      const cause = causeOf(error);
      observer?.failed?.(error, cause);
      answered = ANSWERS.has(cause);
      refusals = cause === 'forbidden' ? refusals + 1 : 0;
      if (isApiError(error, 404) || refusals >= REFUSALS) yield* known.replace([]);
      if (!answered) delayMs = Math.max(backoff.next(), retryDelayMs(error));
    }
    if (answered) {
      backoff.reset();
      if (!synced) yield { type: 'SYNCED' };
      synced = true;
    }
    await clock.sleep(delayMs, signal);
  }
}

function get(client: KubernetesClient, name: string, signal: AbortSignal): Promise<unknown> {
  const path = resourcePath(namespaces, undefined, name);
  const resource = namespaces.plural;
  return client.call({ verb: 'get', resource, path, deadlineMs: DEADLINE_MS }, signal);
}
