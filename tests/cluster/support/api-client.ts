import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { ApiWatch } from './api-watch.ts';
import { textAt } from './value.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Query = Readonly<Record<string, string | number | boolean>>;

export interface RequestParts {
  readonly query?: Query;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  /** Default: `application/json`. */
  readonly accept?: string;
  /** Of the whole answer. Default: 30 000. */
  readonly timeoutMs?: number;
}

export interface Answer {
  /** What was asked: `GET /version`. */
  readonly request: string;
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** How often a server that is still preparing to serve a kind is asked again. */
const PREPARING_ATTEMPTS = 50;

/**
 * A client of the API server that is no part of the program under test and hides nothing: every answer
 * is returned as it came.
 */
export class ApiClient implements Disposable {
  readonly #server: URL;
  readonly #tls: RequestOptions;
  readonly #agent: HttpAgent;

  private constructor(server: URL, tls: RequestOptions, agent: HttpAgent) {
    this.#server = server;
    this.#tls = tls;
    this.#agent = agent;
  }

  /** Talks to the cluster that the current context of the file names. */
  static async open(kubeconfigPath: string): Promise<ApiClient> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`no current cluster in ${kubeconfigPath}`);
    const url = new URL(server);
    const pool = { keepAlive: true };
    if (url.protocol === 'https:') {
      const { agent: _agent, ...options } = await credentials(config);
      return new ApiClient(url, options, new HttpsAgent(pool));
    }
    const token = config.getCurrentUser()?.token;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return new ApiClient(url, { headers }, new HttpAgent(pool));
  }

  get(path: string, query: Query = {}): Promise<Answer> {
    return this.request('GET', path, { query });
  }

  post(path: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.request('POST', path, { body, query });
  }

  put(path: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.request('PUT', path, { body, query });
  }

  patch(path: string, type: PatchType, body: unknown, query: Query = {}): Promise<Answer> {
    return this.request('PATCH', path, { body, query, contentType: PATCH_TYPES[type] });
  }

  delete(path: string, body?: unknown, query: Query = {}): Promise<Answer> {
    return this.request('DELETE', path, { ...(body !== undefined && { body }), query });
  }

  async request(method: Method, path: string, parts: RequestParts = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const signal = AbortSignal.timeout(parts.timeoutMs ?? 30_000);
      const answer = await read(`${method} ${path}`, await this.#send(method, path, parts, signal));
      if (!isPreparing(answer) || attempt === PREPARING_ATTEMPTS) return answer;
      await sleep(100);
    }
  }

  /** Opens a watch; an answer that is none (400 and above) is thrown as an {@link UnexpectedAnswer}. */
  async watch(path: string, query: Query = {}, accept?: string): Promise<ApiWatch> {
    for (let attempt = 1; ; attempt += 1) {
      const closing = new AbortController();
      const parts = { query: { watch: true, ...query }, ...(accept !== undefined && { accept }) };
      const response = await this.#send('GET', path, parts, closing.signal);
      if (response.statusCode === 200) return new ApiWatch(response, closing);
      const answer = await read(`GET ${path}`, response);
      if (!isPreparing(answer) || attempt === PREPARING_ATTEMPTS)
        throw new UnexpectedAnswer(answer);
      await sleep(100);
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #send(
    method: Method,
    path: string,
    parts: RequestParts,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const {
      query = {},
      body,
      contentType = 'application/json',
      accept = 'application/json',
    } = parts;
    const url = new URL(path, this.#server);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    const content = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const headers = {
      ...this.#tls.headers,
      accept,
      ...(content !== undefined && {
        'content-type': contentType,
        'content-length': Buffer.byteLength(content),
      }),
    };
    const options = { ...this.#tls, method, headers, agent: this.#agent, signal };
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      send(url, options, resolve).on('error', reject).end(content);
    });
  }
}

export type PatchType = 'merge' | 'json' | 'strategic' | 'apply';

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** An answer that the test did not count on. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly answer: Answer;

  constructor(answer: Answer) {
    const message = textAt(answer.body, 'message') || JSON.stringify(answer.body);
    super(`${answer.request}: ${answer.code}: ${message}`);
    this.answer = answer;
  }
}

/** The body of an answer below 400. @throws UnexpectedAnswer for any other */
export async function bodyOf(answering: Promise<Answer>): Promise<unknown> {
  const answer = await answering;
  if (answer.code >= 400) throw new UnexpectedAnswer(answer);
  return answer.body;
}

async function credentials(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

async function read(request: string, response: IncomingMessage): Promise<Answer> {
  const content = await text(response);
  const isJson = response.headers['content-type']?.includes('json') ?? false;
  return {
    request,
    code: response.statusCode ?? 0,
    headers: response.headers,
    body: isJson ? JSON.parse(content) : content,
  };
}

/** A kind that was installed a moment ago is answered with this until its cache is there. */
function isPreparing({ code, body }: Answer): boolean {
  return code === 429 && textAt(body, 'message') === 'storage is (re)initializing';
}
