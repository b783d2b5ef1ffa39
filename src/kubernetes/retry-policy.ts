import { ChaosError } from '../runtime/errors.ts';
import { KubernetesApiError, type KubernetesRequest } from './client.ts';

/** Answers that say the request was not carried out. */
const NOT_CARRIED_OUT: ReadonlySet<number> = new Set([429, 503]);

/** Node's codes of connections that were never made, so nothing was carried out. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether a call that failed like this may be sent again: what certainly did nothing always, what may have
 * done something only where that does no harm.
 */
export function isRetryable(
  error: unknown,
  { verb, repeatable = isRead(verb) }: KubernetesRequest,
): boolean {
  if (error instanceof KubernetesApiError) {
    const { code } = error.status;
    return NOT_CARRIED_OUT.has(code) || (repeatable && code >= 500);
  }
  if (!(error instanceof ChaosError) || error.code !== 'ERR_KUBERNETES_TRANSPORT') return false;
  return repeatable || NOT_CONNECTED.has(causeCode(error));
}

/** How long the server asked to wait, ms; 0 when it did not. */
export function retryDelayMs(error: unknown): number {
  return error instanceof KubernetesApiError ? (error.status.retryAfterSeconds ?? 0) * 1_000 : 0;
}

export function transportError(
  { verb, resource, path }: Pick<KubernetesRequest, 'verb' | 'resource' | 'path'>,
  cause: unknown,
): ChaosError {
  const message = `${verb} ${resource} (${path}): the connection to the API server failed`;
  return new ChaosError('ERR_KUBERNETES_TRANSPORT', message, { cause });
}

function isRead(verb: KubernetesRequest['verb']): boolean {
  return verb === 'get' || verb === 'list' || verb === 'watch';
}

function causeCode({ cause }: Error): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
