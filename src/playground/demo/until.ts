import type { ObjectStore } from '../store.ts';

/**
 * Resolves as soon as `holds` does, which is asked again after each change of a resource.
 * @throws the signal's reason when it aborts
 */
export async function until(
  store: ObjectStore,
  resource: string,
  holds: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (holds()) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal.reason);
  using _subscription = store.collection(resource).subscribe(() => {
    if (holds()) resolve();
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
