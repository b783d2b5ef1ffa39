import { type Dispatcher, errors, request as send } from 'undici';
import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { ChaosError } from '../runtime/errors.ts';
import { readStatus } from './api-status.ts';
import {
  DEFAULT_DEADLINE_MS,
  isApiError,
  type KubernetesApiError,
  type KubernetesClient,
  type KubernetesRequest,
} from './client.ts';
import type { ClusterCredentials, Identity } from './cluster-credentials.ts';
import { type ConnectionKind, Connections } from './connections.ts';
import { isRetryable, retryDelayMs, transportError } from './retry-policy.ts';
import { gate } from './send-gate.ts';

/** One request as it went over the wire. */
export interface CallObservation {
  readonly verb: string;
  readonly resource: string;
  /** The HTTP status, or why there is none. */
  readonly code: number | 'transport' | 'deadline' | 'aborted';
  readonly seconds: number;
}

export interface HttpClientOptions {
  readonly credentials: Pick<ClusterCredentials, 'server' | 'identity' | 'reload'>;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of every request, retries included. */
  readonly observe?: (call: CallObservation) => void;
}

/** In place of the time at which credentials were read: they no longer count. */
const REFUSED = Number.NEGATIVE_INFINITY;

/** Credentials are read anew at most so often while they work; at once when the API server refuses them. */
const CREDENTIALS_LIFE_MS = 10_000;

/**
 * The Kubernetes API over HTTP/1.1: a pool of connections for calls, and a connection of its own for each
 * stream, so that a long watch never stands in the way of a delete.
 */
export class HttpKubernetesClient implements KubernetesClient, AsyncDisposable {
  readonly #options: HttpClientOptions;
  readonly #connections = new Connections();
  #identity: Promise<Identity> | undefined;
  #identityReadAt = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  async call(request: KubernetesRequest, signal: AbortSignal): Promise<unknown> {
    const { clock, random } = this.#options;
    const deadlineMs = request.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const until = clock.monotonic() + deadlineMs;
    const backoff = new Backoff({ initialMs: 100, maximumMs: 3_000, random });
    let refreshed = false;
    for (;;) {
      const remainingMs = until - clock.monotonic();
      try {
        return await this.#attempt(request, remainingMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (isApiError(error, 401) && !refreshed) {
          refreshed = true;
          this.#renewCredentials();
          continue;
        }
        const delayMs = Math.max(backoff.next(), retryDelayMs(error));
        if (!isRetryable(error, request) || clock.monotonic() + delayMs >= until) throw error;
        await clock.sleep(delayMs, signal);
      }
    }
  }

  async stream(
    request: KubernetesRequest,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const headersTimeout = request.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const { body } = await this.#send(
      request,
      { headersTimeout, bodyTimeout: 0, pool: 'streams' },
      signal,
    ).catch((error: unknown) => {
      if (isApiError(error, 401)) this.#renewCredentials();
      throw error;
    });
    return bytes(body, request, signal);
  }

  /** Closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy();
  }

  async #attempt(
    request: KubernetesRequest,
    remainingMs: number,
    signal: AbortSignal,
  ): Promise<unknown> {
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(remainingMs)));
    const either = AbortSignal.any([signal, deadline]);
    const pool = request.urgent === true ? 'urgent' : 'calls';
    const timeouts = { headersTimeout: 0, bodyTimeout: 0, pool } as const;
    try {
      const { body } = await this.#send(request, timeouts, either);
      return parse(await body.text(), request);
    } catch (error) {
      if (deadline.aborted && !signal.aborted) throw deadlineError(request, error);
      if (error instanceof ChaosError || signal.aborted) throw error;
      throw transportError(request, error);
    }
  }

  async #send(
    request: KubernetesRequest,
    timeouts: {
      readonly headersTimeout: number;
      readonly bodyTimeout: number;
      readonly pool: ConnectionKind;
    },
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { clock, userAgent, credentials, observe } = this.#options;
    const { verb, resource, beforeSend } = request;
    const began = clock.monotonic();
    const done = (code: CallObservation['code']) =>
      observe?.({ verb, resource, code, seconds: (clock.monotonic() - began) / 1_000 });
    const identity = await this.#currentIdentity();
    const { pool, ...limits } = timeouts;
    const connections = this.#connections.for(identity.tls, pool);
    let response: Dispatcher.ResponseData;
    try {
      response = await send(url(credentials.server, request), {
        method: METHODS[verb],
        headers: { ...headersFor(request), ...identity.headers, 'user-agent': userAgent },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        // undici closes the connection after a DELETE with a body unless told that the server reads it.
        reset: false,
        dispatcher: beforeSend === undefined ? connections : gate(connections, beforeSend),
        signal,
        ...limits,
      });
    } catch (error) {
      if (error instanceof ChaosError && !signal.aborted) throw error;
      done(failureCode(signal));
      if (signal.aborted) throw signal.reason;
      if (isHeadersTimeout(error)) throw deadlineError(request, error);
      throw transportError(request, error);
    }
    done(response.statusCode);
    if (response.statusCode >= 400) throw await apiError(request, response, signal);
    return response;
  }

  #currentIdentity(): Promise<Identity> {
    const { clock, credentials } = this.#options;
    if (
      this.#identity === undefined ||
      clock.monotonic() - this.#identityReadAt > CREDENTIALS_LIFE_MS
    ) {
      if (this.#identity !== undefined) credentials.reload(this.#identityReadAt === REFUSED);
      this.#identityReadAt = clock.monotonic();
      this.#identity = this.#readIdentity(this.#identity);
    }
    return this.#identity;
  }

  /** What cannot be read at this moment is tried again with the next request; until then `before` serves. */
  async #readIdentity(before: Promise<Identity> | undefined): Promise<Identity> {
    try {
      return await this.#options.credentials.identity();
    } catch (error) {
      this.#renewCredentials();
      if (before === undefined) throw error;
      return before;
    }
  }

  #renewCredentials(): void {
    this.#identityReadAt = REFUSED;
  }
}

const METHODS = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
} as const;

function headersFor({ verb, patchType, body, accept }: KubernetesRequest): Record<string, string> {
  const type =
    verb === 'patch' ? (patchType ?? 'application/merge-patch+json') : 'application/json';
  return {
    accept: accept ?? 'application/json',
    ...(body !== undefined && { 'content-type': type }),
  };
}

function url(server: URL, { path, query = {} }: KubernetesRequest): URL {
  const target = new URL(server);
  target.pathname = `${target.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  return target;
}

function failureCode(signal: AbortSignal): CallObservation['code'] {
  if (!signal.aborted) return 'transport';
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
    ? 'deadline'
    : 'aborted';
}

async function apiError(
  request: KubernetesRequest,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  signal: AbortSignal,
): Promise<KubernetesApiError> {
  try {
    return readStatus(request, statusCode, headers, await body.text());
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw transportError(request, error);
  }
}

function parse(text: string, { verb, resource, path }: KubernetesRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = text.length === 0 ? 'nothing' : `"${text.slice(0, 80)}"`;
    const message = `${verb} ${resource} (${path}): expected a JSON document, got ${got}`;
    throw new ChaosError('ERR_KUBERNETES_RESPONSE', message, { cause });
  }
}

function deadlineError(request: KubernetesRequest, cause: unknown): ChaosError {
  const { verb, resource, path, deadlineMs = DEFAULT_DEADLINE_MS } = request;
  const message = `${verb} ${resource} (${path}): expected an answer within ${deadlineMs} ms, got none`;
  return new ChaosError('ERR_KUBERNETES_DEADLINE', message, { cause });
}

function isHeadersTimeout(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError;
}

async function* bytes(
  body: Dispatcher.ResponseData['body'],
  request: KubernetesRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw transportError(request, error);
  } finally {
    body.destroy();
  }
}
