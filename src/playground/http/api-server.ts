import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.ts';
import { ChaosError, describeError } from '../../runtime/errors.ts';
import { StatusError } from '../status-error.ts';
import type { AccessControl } from './access.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { type Fault, Faults } from './faults.ts';
import { HttpWatchStream } from './http-watch-stream.ts';
import { requestInfo } from './request-info.ts';
import { RequestLog } from './request-log.ts';
import { send } from './send.ts';

/** The API server takes bodies of up to 3 MiB. */
const LARGEST_BODY_BYTES = 3 * 1024 * 1024;

const LOOPBACK = '127.0.0.1';

export interface ApiServerOptions {
  readonly clock: Clock;
  readonly access: AccessControl;
  /** Answers a call. @throws StatusError */
  readonly answer: (call: Call) => Promise<Answer>;
  /** Told of what nobody foresaw. */
  readonly onError: (error: unknown) => void;
}

/** HTTP on loopback: reads calls, sends answers, keeps account, and misbehaves where it is told to. */
export class ApiServer implements AsyncDisposable {
  readonly requests = new RequestLog();
  readonly faults: Faults;
  readonly #options: ApiServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closed = new AbortController();
  #port = 0;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: 90_000, requestTimeout: 0 });
    this.#server.on('request', (request, response) => this.#onRequest(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket.setNoDelay(true));
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.faults = new Faults({
      closeAll: () => this.#resetAll(),
      refuse: () => this.#stop(),
      accept: () => this.listen(this.#port),
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** @param port 0: any that is free. @throws ChaosError ERR_SERVER_LISTEN */
  async listen(port: number): Promise<void> {
    try {
      this.#server.listen(port, LOOPBACK);
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new ChaosError('ERR_SERVER_LISTEN', `cannot listen on ${LOOPBACK}:${port}`, { cause });
    }
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const wasListening = this.#server.listening;
    const ended = wasListening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.#resetAll();
    await ended;
  }

  #resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    this.#serve(request, response).catch((error: unknown) => {
      if (!response.destroyed && !request.destroyed) this.#options.onError(error);
      response.destroy();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const [path = '/', query = ''] = url.split(/\?(.*)/s);
    const parameters = new URLSearchParams(query);
    const info = requestInfo(method, path, parameters);
    const userAgent = headers['user-agent'] ?? '';
    const fault = this.faults.take(info);
    const log = (code: number, user = '') =>
      this.requests.add({ ...info, query, userAgent, user, code });
    if (await this.#suffer(fault, 'before', request)) return log(0);
    const partial = {
      info,
      method,
      query: parameters,
      accept: headers.accept ?? '',
      contentType: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      userAgent,
      warnings: new Set<string>(),
    };
    const body = await readBytes(request);
    const { call, answer } = await this.#answer(partial, body, headers.authorization, fault);
    if (await this.#suffer(fault, 'after', request)) return log(0, call?.user.name);
    if (call) log(codeOf(answer), call.user.name);
    else log(codeOf(answer));
    if (answer.type === 'watch') await this.#watch(response, { ...partial, info }, answer, fault);
    else if (fault?.type === 'reset' && fault.when === 'midway')
      await this.#breakOff(response, partial, answer);
    else await send(response, partial, answer);
  }

  async #answer(
    partial: Omit<Call, 'body' | 'user'>,
    body: Buffer | undefined,
    authorization: string | undefined,
    fault: Fault | undefined,
  ): Promise<{ readonly call: Call | undefined; readonly answer: Answer }> {
    let call: Call | undefined;
    try {
      call = {
        ...partial,
        body: body ?? Buffer.alloc(0),
        user: this.#options.access.authenticate(authorization),
      };
      if (fault?.type === 'status') return { call, answer: faultAnswer(fault) };
      if (!body)
        throw new StatusError(
          413,
          'RequestEntityTooLarge',
          `Request entity too large: limit is ${LARGEST_BODY_BYTES}`,
        );
      this.#options.access.authorize(call);
      const expire = fault?.type === 'expire-page' && partial.query.has('continue');
      return { call, answer: await this.#options.answer(expire ? withOldToken(call) : call) };
    } catch (error) {
      if (error instanceof StatusError) return { call, answer: errorAnswer(error) };
      this.#options.onError(error);
      const message = `Internal error occurred: ${describeError(error)}`;
      return { call, answer: errorAnswer(new StatusError(500, 'InternalError', message)) };
    }
  }

  async #watch(
    response: ServerResponse,
    { info, warnings }: Pick<Call, 'info' | 'warnings'>,
    { open }: Extract<Answer, { type: 'watch' }>,
    fault: Fault | undefined,
  ): Promise<void> {
    for (const warning of warnings)
      response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    });
    response.flushHeaders();
    const stream = new HttpWatchStream(response);
    using _open = this.faults.addWatch({ info, stream });
    if (fault?.type === 'reset' && fault.when === 'midway') stream.cutNextEvent();
    await open(stream);
  }

  /** Sends the first half of an answer and resets. */
  async #breakOff(
    response: ServerResponse,
    { warnings }: Pick<Call, 'warnings'>,
    answer: Exclude<Answer, { type: 'watch' }>,
  ): Promise<void> {
    const text = textOf(answer);
    warnings.clear();
    response.writeHead(codeOf(answer), { 'Content-Type': 'application/json' });
    response.write(text.slice(0, Math.ceil(text.length / 2)), () =>
      response.socket?.resetAndDestroy(),
    );
    await once(response, 'close');
  }

  /** Lets a fault happen that has its time now; true when there is nothing left to answer. */
  async #suffer(
    fault: Fault | undefined,
    when: 'before' | 'after',
    request: IncomingMessage,
  ): Promise<boolean> {
    if (!fault || !('when' in fault) || fault.when !== when) return false;
    switch (fault.type) {
      case 'reset':
        request.socket.resetAndDestroy();
        return true;
      case 'stall':
        return true;
      case 'hold':
        await fault.until;
        return false;
      case 'delay':
        await this.#options.clock.sleep(fault.delayMs, this.#closed.signal);
        return false;
    }
  }
}

function codeOf(answer: Answer): number {
  return 'code' in answer ? answer.code : 200;
}

function textOf(answer: Exclude<Answer, { type: 'watch' }>): string {
  switch (answer.type) {
    case 'text':
      return answer.text;
    case 'chunks':
      return [...answer.chunks].join('');
    case 'json':
      return typeof answer.body === 'object' && answer.body !== null && 'text' in answer.body
        ? String(answer.body.text)
        : JSON.stringify(answer.body);
  }
}

function errorAnswer(error: StatusError): Answer {
  const seconds = error.details?.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { 'Retry-After': String(seconds) };
  return { type: 'json', code: error.code, body: error.toStatus(), headers };
}

function faultAnswer({
  code,
  reason = '',
  message,
  retryAfterSeconds,
}: Extract<Fault, { type: 'status' }>): Answer {
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  return errorAnswer(
    new StatusError(code, reason, message ?? `the server is made to answer ${code}`, details),
  );
}

/** Undefined for a body that is too large; what is left of it is not read. */
async function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
  }
  return size > LARGEST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

/** The call with a page token as of the beginning, of which nothing is known any more. */
function withOldToken(call: Call): Call {
  const query = new URLSearchParams(call.query);
  const token: unknown = JSON.parse(
    Buffer.from(query.get('continue') ?? '', 'base64url').toString(),
  );
  if (typeof token === 'object') {
    query.set('continue', Buffer.from(JSON.stringify({ ...token, rv: -2 })).toString('base64url'));
  }
  return { ...call, query };
}
