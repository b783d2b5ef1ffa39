import type { Clock } from '../runtime/clock.ts';
import type { KubernetesClient, KubernetesRequest } from './client.ts';
import { idleGuard } from './idle-guard.ts';

export interface GuardedStreamOptions {
  readonly client: Pick<KubernetesClient, 'stream'>;
  readonly clock: Clock;
  /** The longest silence before the connection counts as dead, ms. */
  readonly idleTimeoutMs: number;
  /** Called when the answer has begun. */
  readonly onAnswer?: () => void;
}

/**
 * The bytes of one answer as they come; its connection is closed when the iteration ends, however it ends.
 * @throws ChaosError ERR_KUBERNETES_IDLE when nothing comes for too long, and what `client.stream` throws
 */
export async function* guardedStream(
  { client, clock, idleTimeoutMs, onAnswer }: GuardedStreamOptions,
  request: KubernetesRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  await using guard = idleGuard(clock, idleTimeoutMs, signal);
  const chunks = await client.stream(request, guard.signal);
  onAnswer?.();
  yield* guard.over(chunks);
}
