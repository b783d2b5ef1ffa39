import { ChaosError } from '../runtime/errors.ts';
import { KubernetesApiError } from './client.ts';

/** Why a watch was begun again: a closed set, because it is a metric's label. */
export type RestartCause =
  | 'timeout'
  | 'expired'
  | 'idle'
  | 'broken'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'throttled'
  | 'server-error'
  | 'unreadable';

/** Names what ended a list or a watch. */
export function causeOf(error: unknown): RestartCause {
  if (error instanceof KubernetesApiError) return causeOfStatus(error.status.code);
  if (!(error instanceof ChaosError)) return 'broken';
  switch (error.code) {
    case 'ERR_KUBERNETES_IDLE':
      return 'idle';
    case 'ERR_KUBERNETES_RESPONSE':
      return 'unreadable';
    case 'ERR_KUBERNETES_TRANSPORT':
    case 'ERR_KUBERNETES_DEADLINE':
      return 'unreachable';
    default:
      return 'broken';
  }
}

function causeOfStatus(code: number): RestartCause {
  switch (code) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 410:
      return 'expired';
    case 429:
      return 'throttled';
    default:
      return 'server-error';
  }
}
