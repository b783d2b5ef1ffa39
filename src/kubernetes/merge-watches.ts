import { ChildSet } from '../runtime/child-set.ts';
import { EventQueue } from './event-queue.ts';
import type { KubernetesObject } from './resource.ts';
import type { WatchEvent } from './watch-event.ts';

/** Opens a stream that goes on until `signal` aborts, as `watchResource` does. */
export type OpenStream<T extends KubernetesObject> = (
  signal: AbortSignal,
) => AsyncIterable<WatchEvent<T>>;

/**
 * Several streams as one, until `signal` aborts. None waits for another: a stream that cannot be had yet
 * keeps back nothing but the last SYNCED, which comes once all have synced. SYNCED of one namespace is
 * passed on as it comes.
 * @throws what a stream threw; that ends the others
 */
export async function* mergeWatches<T extends KubernetesObject>(
  streams: readonly OpenStream<T>[],
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>, void> {
  if (signal.aborted) return;
  const queue = new EventQueue<WatchEvent<T>>();
  let waiting = streams.length;
  let failed: { readonly error: unknown } | undefined;
  const close = () => queue.close();
  const follow = async (open: OpenStream<T>, streamSignal: AbortSignal) => {
    for await (const event of open(streamSignal)) {
      if (event.type !== 'SYNCED' || event.namespace !== undefined) queue.push(event);
      if (event.type === 'SYNCED' && --waiting === 0) queue.push({ type: 'SYNCED' });
    }
  };
  await using followers = new ChildSet(signal, {
    onFailure: (_key, error) => {
      failed ??= { error };
      close();
    },
  });
  signal.addEventListener('abort', close, { once: true });
  try {
    for (const [index, open] of streams.entries()) {
      followers.start(String(index), (streamSignal) => follow(open, streamSignal));
    }
    for (let event = await queue.next(); event !== undefined; event = await queue.next())
      yield event;
    if (failed !== undefined) throw failed.error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
