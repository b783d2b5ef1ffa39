import { type ErrorEvent, expiredWatch } from './fault-events.ts';
import type { HttpWatchStream } from './http-watch-stream.ts';
import type { RequestInfo } from './request-info.ts';
import { matchesRequest, type RequestMatch } from './request-log.ts';

/** What goes wrong with a request. */
export type Fault =
  /** Answered with an error, and nothing done. */
  | {
      readonly type: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection is reset: before the request is looked at, after it took effect, or amid its answer. */
  | { readonly type: 'reset'; readonly when: 'before' | 'after' | 'midway' }
  /** Nothing is answered and the connection stays open; for a watch, nothing after its headers. */
  | { readonly type: 'stall'; readonly when: 'before' | 'after' }
  /** The request waits: before it takes effect, or between that and its answer. */
  | { readonly type: 'hold'; readonly when: 'before' | 'after'; readonly until: Promise<unknown> }
  /** The same for a time, by the cluster's clock. */
  | { readonly type: 'delay'; readonly when: 'before' | 'after'; readonly delayMs: number }
  /** The page token is answered as one that is too old. */
  | { readonly type: 'expire-page' };

interface Planned {
  readonly match: RequestMatch;
  readonly fault: Fault;
  left: number;
}

/** A watch that is open, and what can be done to it. */
export interface OpenWatch {
  readonly info: RequestInfo;
  readonly stream: HttpWatchStream;
}

/** What the cluster can do to its connections as a whole. */
export interface Connections {
  closeAll(): void;
  refuse(): Promise<void>;
  accept(): Promise<void>;
}

/**
 * Misbehaviour on demand. Faults wait for the requests they match, the oldest first; what is done to
 * open watches and connections is done at once.
 */
export class Faults {
  readonly #planned: Planned[] = [];
  readonly #watches = new Set<OpenWatch>();
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Lets a fault happen to the next requests that match. @param times default 1; may be Infinity */
  plan(match: RequestMatch, fault: Fault, times = 1): Disposable {
    const planned = { match, fault, left: times };
    this.#planned.push(planned);
    return { [Symbol.dispose]: () => this.#forget(planned) };
  }

  /** Forgets all planned faults. */
  clear(): void {
    this.#planned.length = 0;
  }

  /** How many watches are open that match. */
  openWatches(match: RequestMatch = {}): number {
    return this.#matching(match).length;
  }

  /** Sends an ERROR event, 410 unless told otherwise, into open watches and ends them. Says how many. */
  failWatches(match: RequestMatch = {}, error: ErrorEvent = expiredWatch): number {
    return this.#each(match, (stream) => {
      stream.send('ERROR', JSON.stringify(error));
      stream.close();
    });
  }

  /** Ends open watches in order. */
  endWatches(match: RequestMatch = {}): number {
    return this.#each(match, (stream) => stream.close());
  }

  /** Resets the connections of open watches. */
  resetWatches(match: RequestMatch = {}): number {
    return this.#each(match, (stream) => stream.reset());
  }

  /** Resets the connections of open watches in the middle of their next event. */
  cutWatches(match: RequestMatch = {}): number {
    return this.#each(match, (stream) => stream.cutNextEvent());
  }

  /** Lets open watches send nothing any more without closing. */
  silenceWatches(match: RequestMatch = {}): number {
    return this.#each(match, (stream) => stream.fallSilent());
  }

  /** Resets every connection. */
  closeConnections(): void {
    this.#connections.closeAll();
  }

  /** Refuses connections, and resets those there are, until disposed of: then the same port again. */
  async refuseConnections(): Promise<AsyncDisposable> {
    await this.#connections.refuse();
    return { [Symbol.asyncDispose]: () => this.#connections.accept() };
  }

  /** The fault that this request is to suffer; used up by asking. */
  take(info: RequestInfo): Fault | undefined {
    const planned = this.#planned.find(({ match }) => matchesRequest(match, info));
    if (planned && --planned.left <= 0) this.#forget(planned);
    return planned?.fault;
  }

  /** Counts a watch as open until the returned is disposed of. */
  addWatch(open: OpenWatch): Disposable {
    this.#watches.add(open);
    return { [Symbol.dispose]: () => void this.#watches.delete(open) };
  }

  #forget(planned: Planned): void {
    const index = this.#planned.indexOf(planned);
    if (index >= 0) this.#planned.splice(index, 1);
  }

  #matching(match: RequestMatch): readonly OpenWatch[] {
    return [...this.#watches].filter(({ info }) => matchesRequest(match, info));
  }

  #each(match: RequestMatch, act: (stream: HttpWatchStream) => void): number {
    const watches = this.#matching(match);
    for (const { stream } of watches) act(stream);
    return watches.length;
  }
}
