import type { SimulatedCluster } from '../../../src/playground/cluster.ts';

/** A parsed answer, or why there was none. */
export interface Answered {
  readonly code: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** Sends a request as the administrator. Rejects when the connection breaks. */
export async function call(
  { url, token }: SimulatedCluster,
  path: string,
  options: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
): Promise<Answered> {
  const headers = new Headers({ 'Content-Type': 'application/json', ...options.headers });
  headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(url + path, { ...options, headers });
  const body: unknown = await response.json();
  return { code: response.status, body: Object(body), headers: response.headers };
}

export function post(cluster: SimulatedCluster, path: string, body: unknown): Promise<Answered> {
  return call(cluster, path, { method: 'POST', body: JSON.stringify(body) });
}

/** The lines of a watch, parsed, as they come. */
export async function* watchEvents(
  { url, token }: SimulatedCluster,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly type: string; readonly object: Record<string, unknown> }> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { headers, signal });
  if (!response.body) throw new Error('a watch without a body');
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
  if (rest !== '') throw new SyntaxError(`a watch that ends amid a line: ${rest.slice(0, 20)}`);
}

export function configMap(name: string, data: Record<string, string> = {}): unknown {
  return { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name }, data };
}
