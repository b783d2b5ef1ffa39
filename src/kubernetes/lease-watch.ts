import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { KubernetesClient } from './client.ts';
import { guardedStream } from './guarded-stream.ts';
import { jsonLines } from './json-lines.ts';
import { resourcePath } from './resource.ts';
import { type Lease, leases } from './resources/leases.ts';
import { readRaw } from './resources/read-fields.ts';

export interface LeaseWatchOptions {
  readonly client: Pick<KubernetesClient, 'stream'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespace: string;
  readonly name: string;
  /** A living holder renews more often than this, ms; after a longer silence the watch is begun anew. */
  readonly idleTimeoutMs: number;
}

/**
 * Tells of one Lease as it is and of each change of it, undefined when it is deleted, until `signal`
 * aborts. Only for speed: a watch that cannot be had is tried again now and then, and says nothing.
 *
 * Without a resourceVersion a watch begins with the object as it is, so no right to list is needed.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch
 */
export async function watchLease(
  options: LeaseWatchOptions,
  tell: (lease: Lease | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = options;
  const backoff = new Backoff({ initialMs: 200, maximumMs: 30_000, random });
  while (!signal.aborted) {
    try {
      for await (const line of jsonLines(stream(options, signal))) {
        const { type, object } = readRaw(line);
        if (type === 'ERROR') break;
        if (type === 'BOOKMARK') continue;
        backoff.reset();
        tell(type === 'DELETED' ? undefined : leases.strip(object));
      }
    } catch {
      // What is wrong with the API server or our rights, the calls tell.
    }
    await pause(clock, backoff.next(), signal);
  }
}

function stream(
  { client, clock, namespace, name, idleTimeoutMs }: LeaseWatchOptions,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const query = { watch: true, fieldSelector: `metadata.name=${name}` };
  const path = resourcePath(leases, namespace);
  const request = { verb: 'watch', resource: leases.plural, path, query } as const;
  return guardedStream({ client, clock, idleTimeoutMs }, request, signal);
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
