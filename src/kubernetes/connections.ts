import { isDeepStrictEqual } from 'node:util';
import { Agent } from 'undici';
import type { TlsOptions } from './cluster-credentials.ts';

/**
 * Connections for one-shot calls; each watch has one more of its own. Together at most 12 for the whole
 * cluster; where namespaces are listed, each of them has four watches.
 */
const CALL_CONNECTIONS = 5;

/**
 * A list's connection is taken by its next page or its watch at once, or not at all: it is not kept as long
 * as one for calls, ms.
 */
const IDLE_STREAM_MS = 500;

interface Pools {
  readonly tls: TlsOptions;
  readonly calls: Agent;
  readonly streams: Agent;
}

/**
 * Connections to the API server: a few that are shared by calls, and one for each stream. Other
 * certificates mean other connections; streams on the old ones go on until they end.
 */
export class Connections {
  #pools: Pools | undefined;

  /** @param kind calls share connections, a stream has its own */
  for(tls: TlsOptions, kind: 'calls' | 'streams'): Agent {
    const pools = this.#pools;
    if (pools !== undefined && isDeepStrictEqual(pools.tls, tls)) return pools[kind];
    void pools?.calls.close();
    void pools?.streams.close();
    this.#pools = open(tls);
    return this.#pools[kind];
  }

  /** Breaks all connections. */
  async destroy(): Promise<void> {
    await Promise.all([this.#pools?.calls.destroy(), this.#pools?.streams.destroy()]);
  }
}

function open(tls: TlsOptions): Pools {
  const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 };
  // By HTTP/2 all streams would share a connection, and breaking off one would not replace a dead one.
  const shared = { connect, pipelining: 1, allowH2: false };
  return {
    tls,
    calls: new Agent({ ...shared, connections: CALL_CONNECTIONS }),
    streams: new Agent({ ...shared, keepAliveTimeout: IDLE_STREAM_MS }),
  };
}
