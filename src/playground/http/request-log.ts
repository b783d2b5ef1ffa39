import type { RequestInfo } from './request-info.ts';

/** One request, as it was answered. */
export interface LoggedRequest extends RequestInfo {
  /** In the order of arrival, from 1. */
  readonly id: number;
  readonly query: string;
  readonly userAgent: string;
  readonly user: string;
  /** 0: the connection was broken instead. */
  readonly code: number;
}

/** Which requests are meant; what is left out may be anything. */
export interface RequestMatch {
  /** `list`, `watch`, `get`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb?: string;
  /** `pods`, `deployments/scale`; the plural alone does not stand for its subresources. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export function matchesRequest(match: RequestMatch, info: RequestInfo): boolean {
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  return (
    (match.verb === undefined || match.verb === info.verb) &&
    (match.resource === undefined || match.resource === resource) &&
    (match.namespace === undefined || match.namespace === info.namespace) &&
    (match.name === undefined || match.name === info.name)
  );
}

const MOST_REMEMBERED = 10_000;

/** The requests that have been answered, the latest at the end, and who wants to know of the next. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<(request: LoggedRequest) => void>();
  #total = 0;

  /** How many there have been. */
  get total(): number {
    return this.#total;
  }

  /** The latest ones that match; at most 10,000 are remembered. */
  recent(match: RequestMatch = {}): readonly LoggedRequest[] {
    return this.#requests.filter((request) => matchesRequest(match, request));
  }

  /** How many there have been of a verb and resource: `patch deployments/scale`. */
  count(verb: string, resource: string): number {
    return this.#counts.get(`${verb} ${resource}`) ?? 0;
  }

  /** Resolves with the next request that matches, once it is answered. Rejects when `signal` aborts. */
  next(match: RequestMatch, signal?: AbortSignal): Promise<LoggedRequest> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const listener = (request: LoggedRequest) => {
        if (!matchesRequest(match, request)) return;
        end();
        resolve(request);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const end = () => {
        this.#listeners.delete(listener);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#listeners.add(listener);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  add(request: Omit<LoggedRequest, 'id'>): void {
    const logged = { ...request, id: ++this.#total };
    const { verb, resource, subresource } = request;
    const key = `${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#requests.push(logged);
    if (this.#requests.length > 2 * MOST_REMEMBERED)
      this.#requests = this.#requests.slice(-MOST_REMEMBERED);
    for (const listener of this.#listeners) listener(logged);
  }
}
