import { ChaosError } from '../runtime/errors.ts';
import {
  DEFAULT_DEADLINE_MS,
  KubernetesApiError,
  type KubernetesClient,
  type KubernetesRequest,
} from './client.ts';
import type { Leadership } from './leadership.ts';

/** How long before the lease ends the last write is over: the way to the API server and back, ms. */
export const FENCE_MARGIN_MS = 100;

/** One write under a lease: `waiting -> sent -> answered, or given up`. */
export class FencedWrite {
  readonly #request: KubernetesRequest;
  readonly #leadership: Leadership;
  readonly #deadlineMs: number;
  /** How long the API server may take. */
  readonly #timeoutMs: number;
  /** To be called once the answer is known; undefined: nothing is sent yet. */
  #settle: (() => void) | undefined;

  constructor(request: KubernetesRequest, leadership: Leadership) {
    const { deadlineMs = DEFAULT_DEADLINE_MS } = request;
    const remainingMs = leadership.remainingMs() - FENCE_MARGIN_MS;
    this.#request = request;
    this.#leadership = leadership;
    this.#deadlineMs = Math.floor(Math.min(deadlineMs, remainingMs));
    // Half of what is left, so that a request that waits for a connection or is repeated may still be sent.
    this.#timeoutMs = Math.floor(Math.min(deadlineMs, remainingMs / 2));
  }

  /** Sends it, and once it is sent waits for its answer though `signal` aborts. @throws ChaosError ERR_LEASE_LOST */
  async send(client: KubernetesClient, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    this.#check();
    const { query } = this.#request;
    const request = {
      ...this.#request,
      deadlineMs: this.#deadlineMs,
      query: { ...query, timeout: `${this.#timeoutMs}ms` },
      beforeSend: () => this.#beforeSend(signal),
    };
    const unsent = new AbortController();
    const stop = () => {
      if (this.#settle === undefined) unsent.abort(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answer = await client.call(request, unsent.signal);
      this.#settle?.();
      return answer;
    } catch (error) {
      if (isCertain(error)) this.#settle?.();
      if (signal.aborted && isLeaseLost(error)) throw signal.reason;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #beforeSend(signal: AbortSignal): void {
    const { beforeSend, repeatable = false } = this.#request;
    beforeSend?.();
    this.#check();
    if (signal.aborted) throw leaseLost(this.#request);
    // What is sent again has certainly not taken effect before, unless it may be repeated in any case.
    if (!repeatable) this.#settle?.();
    this.#settle = this.#leadership.sending?.(this.#timeoutMs + FENCE_MARGIN_MS) ?? (() => {});
  }

  #check(): void {
    const remainingMs = this.#leadership.remainingMs() - FENCE_MARGIN_MS;
    if (this.#timeoutMs > 0 && remainingMs >= this.#timeoutMs) return;
    throw leaseLost(this.#request);
  }
}

export function leaseLost({
  verb,
  resource,
  path,
}: Pick<KubernetesRequest, 'verb' | 'resource' | 'path'>): ChaosError {
  const message = `${verb} ${resource} (${path}): not sent, because the lease may be another's by now`;
  return new ChaosError('ERR_LEASE_LOST', message);
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof ChaosError && error.code === 'ERR_LEASE_LOST';
}

/** Whether the API server says that nothing happened and nothing will. */
function isCertain(error: unknown): boolean {
  return (
    error instanceof KubernetesApiError && (error.status.code < 500 || error.status.code === 503)
  );
}
