import { isDeepStrictEqual } from 'node:util';
import { Agent } from 'undici';
import type { TlsOptions } from './cluster-credentials.ts';

/**
 * Connections for one-shot calls; there is one more for urgent ones, and each watch has its own. Together at
 * most 12 for the whole cluster; where namespaces are listed, each of them has four watches.
 */
const CALL_CONNECTIONS = 4;

/**
 * A list's connection is taken by its next page or its watch at once, or not at all: it is not kept as long
 * as one for calls, ms.
 */
const IDLE_STREAM_MS = 500;

/** Calls share connections, urgent ones have one to themselves, and each stream its own. */
export type ConnectionKind = 'calls' | 'urgent' | 'streams';

type Pools = Readonly<Record<ConnectionKind, Agent>> & { readonly tls: TlsOptions };

/**
 * Connections to the API server: a few that are shared by calls, and one for each stream. Other
 * certificates mean other connections; streams on the old ones go on until they end.
 */
export class Connections {
  #pools: Pools | undefined;

  for(tls: TlsOptions, kind: ConnectionKind): Agent {
    const pools = this.#pools;
    if (pools !== undefined && isDeepStrictEqual(pools.tls, tls)) return pools[kind];
    for (const agent of this.#agents()) void agent.close();
    this.#pools = open(tls);
    return this.#pools[kind];
  }

  /** Breaks all connections. */
  async destroy(): Promise<void> {
    await Promise.all(this.#agents().map((agent) => agent.destroy()));
  }

  #agents(): readonly Agent[] {
    const pools = this.#pools;
    return pools === undefined ? [] : [pools.calls, pools.urgent, pools.streams];
  }
}

function open(tls: TlsOptions): Pools {
  const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 };
  // By HTTP/2 all streams would share a connection, and breaking off one would not replace a dead one.
  const shared = { connect, pipelining: 1, allowH2: false };
  return {
    tls,
    calls: new Agent({ ...shared, connections: CALL_CONNECTIONS }),
    urgent: new Agent({ ...shared, connections: 1 }),
    streams: new Agent({ ...shared, keepAliveTimeout: IDLE_STREAM_MS }),
  };
}
