import { DEFAULT_DEADLINE_MS, type KubernetesClient, type Verb } from './client.ts';
import { FENCE_MARGIN_MS, FencedWrite, leaseLost } from './fenced-write.ts';
import type { Leadership } from './leadership.ts';

const READS: ReadonlySet<Verb> = new Set(['get', 'list']);

/**
 * A client that writes only while the lease is surely ours:
 *
 * - in the turn of the event loop in which a write goes to its socket, the lease must outlast the time that
 *   the API server is given for it, so a process that was paused before sends nothing when it is woken;
 * - the API server is told to give up (`timeout`) before the lease ends, and so do we;
 * - what has been sent is waited for, whatever its signal says, so that the lease is not given away while it
 *   may still take effect; where no answer comes, `Leadership.sending` knows how long that is.
 *
 * What remains: a write that was sent in time, and that something between us and etcd holds back until the
 * lease is over.
 *
 * Calls are rejected with ChaosError ERR_LEASE_LOST once the lease may be another's, reads too: what was read
 * would be acted on. So whoever leads has ended when the lease does. Watches pass.
 */
export function fencedClient(client: KubernetesClient, leadership: Leadership): KubernetesClient {
  return {
    async call(request, signal) {
      const remainingMs = leadership.remainingMs() - FENCE_MARGIN_MS;
      if (request.verb === 'watch' || remainingMs === Number.POSITIVE_INFINITY)
        return client.call(request, signal);
      if (remainingMs <= 0) throw leaseLost(request);
      if (!READS.has(request.verb))
        return new FencedWrite(request, leadership).send(client, signal);
      const { deadlineMs = DEFAULT_DEADLINE_MS } = request;
      const bounded = { ...request, deadlineMs: Math.ceil(Math.min(deadlineMs, remainingMs)) };
      return client.call(bounded, signal);
    },
    stream: (request, signal) => client.stream(request, signal),
  };
}
