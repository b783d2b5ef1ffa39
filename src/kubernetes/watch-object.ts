import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { parseStatus } from './api-status.ts';
import { KubernetesApiError, type KubernetesClient } from './client.ts';
import { guardedStream } from './guarded-stream.ts';
import { jsonLines } from './json-lines.ts';
import { type KubernetesObject, type Resource, resourcePath } from './resource.ts';
import { readRaw } from './resources/read-fields.ts';

export interface ObjectWatchOptions<T extends KubernetesObject> {
  readonly client: Pick<KubernetesClient, 'stream'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly resource: Resource<T>;
  readonly namespace: string;
  readonly name: string;
  /** Told how it is, and of each change; undefined: it was deleted. */
  readonly tell: (object: T | undefined) => void;
  /** The watch can be had. */
  readonly reached?: () => void;
  /** The watch cannot be had at present; it is tried again. */
  readonly failed?: (error: unknown) => void;
}

/** After how long the API server ends a watch, which is then begun anew; s. */
const WATCH_SECONDS = 300;

/** Bookmarks come about every minute, ms. */
const IDLE_TIMEOUT_MS = 150_000;

const BACKOFF = { initialMs: 100, maximumMs: 5_000 };

/**
 * Follows one object until `signal` aborts. A watch without a resourceVersion begins with the object as it
 * is, so that no right to list is needed; what happens while there is no watch shows when there is one again,
 * except that the object was deleted.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch
 */
export async function watchObject<T extends KubernetesObject>(
  options: ObjectWatchOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, resource, failed, tell } = options;
  const backoff = new Backoff({ ...BACKOFF, random });
  while (!signal.aborted) {
    try {
      for await (const { type, object } of events(options, signal)) {
        if (type === 'BOOKMARK') continue;
        backoff.reset();
        tell(type === 'DELETED' ? undefined : resource.strip(object));
      }
    } catch (error) {
      if (signal.aborted) return;
      failed?.(error);
    }
    await clock.sleep(backoff.next(), signal).catch(() => undefined);
  }
}

/** The events of one watch. @throws KubernetesApiError for an ERROR among them */
async function* events<T extends KubernetesObject>(
  { client, clock, resource, namespace, name, reached }: ObjectWatchOptions<T>,
  signal: AbortSignal,
) {
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: WATCH_SECONDS,
    fieldSelector: `metadata.name=${name}`,
  };
  const path = resourcePath(resource, namespace);
  const request = { verb: 'watch', resource: resource.plural, path, query } as const;
  const stream = {
    client,
    clock,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    ...(reached && { onAnswer: reached }),
  };
  for await (const line of jsonLines(guardedStream(stream, request, signal))) {
    const event = readRaw(line);
    if (event.type === 'ERROR')
      throw new KubernetesApiError(request, parseStatus(event.object, 500, 'the watch failed'));
    yield event;
  }
}
