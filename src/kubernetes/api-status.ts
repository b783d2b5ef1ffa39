import { type ApiStatus, KubernetesApiError, type KubernetesRequest } from './client.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Makes an error of an answer of 400 and above, from its Status object or, where it has none, its text. */
export function readStatus(
  request: Pick<KubernetesRequest, 'verb' | 'resource' | 'path'>,
  code: number,
  headers: Headers,
  text: string,
): KubernetesApiError {
  return new KubernetesApiError(request, {
    ...parseStatus(parseObject(text), code, text.trim().slice(0, 300)),
    ...retryAfter(headers['retry-after']),
  });
}

/** Reads a `Status` object, as an answer or as the object of an ERROR event. Tolerates anything. */
export function parseStatus(raw: unknown, code: number, otherwise: string): ApiStatus {
  const { code: own, reason, message, details } = fields(raw);
  const { causes, retryAfterSeconds } = fields(details);
  return {
    code: typeof own === 'number' ? own : code,
    message: typeof message === 'string' && message !== '' ? message : otherwise || 'no message',
    ...(typeof reason === 'string' && reason !== '' && { reason }),
    ...(typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 && { retryAfterSeconds }),
    ...(Array.isArray(causes) && { causes: causes.map(fields) }),
  };
}

function retryAfter(value: string | string[] | undefined): { retryAfterSeconds?: number } {
  const seconds = Number.parseInt(String(value), 10);
  return Number.isNaN(seconds) ? {} : { retryAfterSeconds: seconds };
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
