import type { Clock } from '../runtime/clock.ts';
import { ChaosError } from '../runtime/errors.ts';

/** Breaks a connection that is silent for too long: a peer that vanished never says so. */
export interface IdleGuard extends AsyncDisposable {
  /** Aborts when the outer signal does, or when nothing came for too long. */
  readonly signal: AbortSignal;
  /** Passes chunks on, and counts each as a sign of life. */
  over(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Starts the guard; disposing of it ends it. @param idleTimeoutMs the longest silence */
export function idleGuard(clock: Clock, idleTimeoutMs: number, outer: AbortSignal): IdleGuard {
  const controller = new AbortController();
  const stopped = new AbortController();
  let last = clock.monotonic();
  const onOuter = () => controller.abort(outer.reason);
  outer.addEventListener('abort', onOuter, { once: true });
  if (outer.aborted) onOuter();

  const guarding = (async () => {
    try {
      for (let rest = idleTimeoutMs; rest > 0; rest = last + idleTimeoutMs - clock.monotonic()) {
        await clock.sleep(rest, stopped.signal);
      }
      const message = `nothing came from the API server for ${idleTimeoutMs / 1_000} s`;
      controller.abort(new ChaosError('ERR_KUBERNETES_IDLE', message));
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    }
  })();

  return {
    signal: controller.signal,
    async *over(chunks) {
      for await (const chunk of chunks) {
        last = clock.monotonic();
        yield chunk;
      }
    },
    async [Symbol.asyncDispose]() {
      outer.removeEventListener('abort', onOuter);
      stopped.abort();
      controller.abort(stopped.signal.reason);
      await guarding;
    },
  };
}
