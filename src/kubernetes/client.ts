import { ChaosError } from '../runtime/errors.ts';

/** The verbs of the Kubernetes API as RBAC and audit logs name them. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export type PatchType =
  | 'application/merge-patch+json'
  | 'application/json-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

/** How long a call may take that does not say, with its retries, ms. */
export const DEFAULT_DEADLINE_MS = 10_000;

/** One request to the API server. */
export interface KubernetesRequest {
  readonly verb: Verb;
  /** `pods`, `pods/eviction`, `chaosmonkeyconfigurations/status`: for metrics, messages and RBAC hints. */
  readonly resource: string;
  /** Absolute path with its segments encoded (see `resourcePath`), without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Media types of the answer. Default: `application/json`. */
  readonly accept?: string;
  /** With verb `patch`. Default: merge patch. */
  readonly patchType?: PatchType;
  /** Default 10 000 ms for the whole call with its retries; for `stream`, until the response's headers. */
  readonly deadlineMs?: number;
  /**
   * Whether the call may be sent again when nobody knows whether the first one took effect (reset,
   * time-out, 500, 504). Default: true for get and list, false for everything else. What certainly did not
   * take effect (429, 503, connection refused) is sent again in any case, honouring Retry-After.
   */
  readonly repeatable?: boolean;
  /** Whether it waits for no other call, but for other urgent ones. Default: false. Not for `stream`. */
  readonly urgent?: boolean;
  /**
   * Called for each attempt in the same turn of the event loop in which the request is written to its
   * socket, however long it waited for a connection before. The ChaosError that it throws rejects the call,
   * and nothing is sent.
   */
  readonly beforeSend?: () => void;
}

/** The API server, as the rest of the program sees it. */
export interface KubernetesClient {
  /**
   * Sends one request and resolves with the parsed JSON answer.
   * @throws KubernetesApiError for an answer of 400 and above (after retries)
   * @throws ChaosError ERR_KUBERNETES_TRANSPORT, ERR_KUBERNETES_DEADLINE, ERR_KUBERNETES_RESPONSE
   * @throws the signal's reason when it aborts, and what `beforeSend` throws
   */
  call(request: KubernetesRequest, signal: AbortSignal): Promise<unknown>;
  /**
   * Sends one request, not retried, and resolves with the bytes of the answer as they come.
   * Errors as for `call`; the iteration throws when the connection breaks. Ending the iteration, or
   * the signal, closes the connection.
   */
  stream(request: KubernetesRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** What the API server says in a `Status` object. */
export interface ApiStatus {
  readonly code: number;
  /** `NotFound`, `Conflict`, `Expired` …; absent when the answer was no Status. */
  readonly reason?: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** `details.causes`, as the server sent them. */
  readonly causes?: readonly {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
  }[];
}

/** An answer of 400 and above, naming the verb and the resource. */
export class KubernetesApiError extends ChaosError {
  override readonly name = 'KubernetesApiError';
  readonly status: ApiStatus;

  constructor(request: Pick<KubernetesRequest, 'verb' | 'resource' | 'path'>, status: ApiStatus) {
    const { verb, resource, path } = request;
    const got = status.reason ? `${status.code} ${status.reason}` : `${status.code}`;
    super('ERR_KUBERNETES_CALL', `${verb} ${resource} (${path}): ${got}: ${status.message}`);
    this.status = status;
  }
}

/** Whether `error` is an answer of the API server with this HTTP status code. */
export function isApiError(error: unknown, code: number): error is KubernetesApiError {
  return error instanceof KubernetesApiError && error.status.code === code;
}
