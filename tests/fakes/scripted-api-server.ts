import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

/** One request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves when the connection of this request has closed. */
  readonly closed: Promise<unknown>;
}

/** What is done with one request. */
export type Answer = (response: ServerResponse, request: ArrivedRequest) => void;

/**
 * An API server on a loopback socket that does with its n-th request what the n-th answer says, and lets
 * a request wait until there is an answer for it.
 */
export class ScriptedApiServer implements AsyncDisposable {
  readonly requests: ArrivedRequest[] = [];
  readonly #server: Server;
  readonly #answers: Answer[] = [];
  readonly #unanswered: ((answer: Answer) => void)[] = [];
  readonly #watchers = new Set<() => void>();
  #port = 0;
  #connections = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on('connection', () => {
      this.#connections += 1;
    });
  }

  static async start(): Promise<ScriptedApiServer> {
    const server = new ScriptedApiServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many connections were ever made. */
  get connections(): number {
    return this.#connections;
  }

  /** Adds answers for the next requests, in order. */
  answer(...answers: readonly Answer[]): void {
    for (const answer of answers) {
      const unanswered = this.#unanswered.shift();
      if (unanswered === undefined) this.#answers.push(answer);
      else unanswered(answer);
    }
  }

  /** The n-th request (from 0), once it has arrived. */
  async request(index: number): Promise<ArrivedRequest> {
    for (;;) {
      const arrived = this.requests[index];
      if (arrived !== undefined) return arrived;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /** Refuses connections from now on, and breaks those there are. */
  async refuse(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Listens, again on the same port after `refuse`. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = once(response, 'close');
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const arrived: ArrivedRequest = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body,
      closed,
    };
    const answer = this.#answers.shift();
    if (answer !== undefined) answer(response, arrived);
    else this.#unanswered.push((later) => later(response, arrived));
    this.requests.push(arrived);
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }
}
