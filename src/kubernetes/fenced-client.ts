import { ChaosError } from '../runtime/errors.ts';
import {
  DEFAULT_DEADLINE_MS,
  type KubernetesClient,
  type KubernetesRequest,
  type Verb,
} from './client.ts';
import type { Leadership } from './leadership.ts';

/** How long before the lease ends the last write is over: the way to the API server and back, ms. */
export const FENCE_MARGIN_MS = 100;

const READS: ReadonlySet<Verb> = new Set(['get', 'list']);

/**
 * A client that writes only while the lease is surely ours:
 *
 * - in the turn of the event loop in which a write goes to its socket, the lease must outlast the time that
 *   the API server is given for it, so a process that was paused before sends nothing when it is woken;
 * - the API server is told to give up (`timeout`) before the lease ends, and so do we.
 *
 * What remains: a write that was sent in time, and that something between us and etcd holds back until the lease is over.
 *
 * Calls are rejected with ChaosError ERR_LEASE_LOST once the lease may be another's, reads too: what was read
 * would be acted on. So whoever leads has ended when the lease does. Watches pass.
 */
export function fencedClient(client: KubernetesClient, leadership: Leadership): KubernetesClient {
  return {
    call: async (request, signal) => client.call(fence(request, leadership), signal),
    stream: async (request, signal) => client.stream(fence(request, leadership), signal),
  };
}

function fence(request: KubernetesRequest, leadership: Leadership): KubernetesRequest {
  const remainingMs = leadership.remainingMs() - FENCE_MARGIN_MS;
  if (request.verb === 'watch' || remainingMs === Number.POSITIVE_INFINITY) return request;
  const { deadlineMs = DEFAULT_DEADLINE_MS, beforeSend, query } = request;
  if (READS.has(request.verb)) {
    if (remainingMs <= 0) throw leaseLost(request);
    return { ...request, deadlineMs: Math.ceil(Math.min(deadlineMs, remainingMs)) };
  }
  // Half of what is left, so that a request that waits for a connection or is repeated may still be sent.
  const timeoutMs = Math.floor(Math.min(deadlineMs, remainingMs / 2));
  const check = () => {
    if (timeoutMs <= 0 || leadership.remainingMs() - FENCE_MARGIN_MS < timeoutMs)
      throw leaseLost(request);
  };
  check();
  return {
    ...request,
    deadlineMs: Math.floor(Math.min(deadlineMs, remainingMs)),
    query: { ...query, timeout: `${timeoutMs}ms` },
    beforeSend: () => {
      beforeSend?.();
      check();
    },
  };
}

function leaseLost({ verb, resource, path }: KubernetesRequest): ChaosError {
  const message = `${verb} ${resource} (${path}): not sent, because the lease may be another's by now`;
  return new ChaosError('ERR_LEASE_LOST', message);
}
