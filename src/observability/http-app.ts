import { Readable } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { conversionFailure } from './conversion-failure.ts';
import {
  type Answer,
  type HealthSource,
  healthAnswer,
  liveAnswer,
  type ProgramFacts,
  readyAnswer,
} from './health.ts';
import { CONTENT_TYPE } from './metrics/exposition.ts';

export interface HttpAppOptions {
  /** The text of a scrape, in pieces. */
  readonly metrics: () => AsyncIterable<string>;
  readonly health: HealthSource;
  readonly facts: ProgramFacts;
  /**
   * Answers a ConversionReview (parsed JSON of any shape) with a ConversionReview; a text says where else that
   * is done.
   */
  readonly convert: ((review: unknown) => unknown) | string;
  /**
   * Once it aborts, each answer asks for the connection to be closed, so that whoever comes again comes to
   * another replica. Default: never.
   */
  readonly leaving?: AbortSignal | undefined;
  /** Serves HTTPS with this. Default: plain HTTP. */
  readonly tls?: SecureContextOptions;
  readonly logger: Logger;
}

const CONVERT_PATH = '/convertcrd';

/** The API server sends a list to convert as one document; etcd takes objects of 1.5 MiB. */
const LARGEST_REVIEW_BYTES = 3 * 1024 * 1024;

/**
 * The API server keeps idle connections for 90 s; whoever closes them before may do so in the moment in which
 * it sends a review, which it does not send twice. Source: k8s.io/apimachinery, SetOldTransportDefaults.
 */
const KEEP_ALIVE_MS = 120_000;

/** A request that takes longer to arrive holds its connection for nothing. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The HTTP endpoints: `/metrics`, `/health`, `/livez`, `/readyz`, `POST /convertcrd`. Does not listen. */
export function buildHttpApp(options: HttpAppOptions): FastifyInstance {
  const { metrics, health, facts, convert, leaving, tls, logger } = options;
  const app: FastifyInstance = Fastify({
    ...(tls && { https: tls }),
    forceCloseConnections: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: LARGEST_REVIEW_BYTES,
  });
  // Fastify's own parser refuses a key `__proto__`, which a label may well have.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);

  app.addHook('onSend', async (_request, reply) => {
    if (leaving?.aborted) reply.header('connection', 'close');
  });
  app.get('/metrics', (_request, reply) =>
    reply.type(CONTENT_TYPE).send(Readable.from(metrics(), { objectMode: false })),
  );
  app.get('/health', (_request, reply) => send(reply, healthAnswer(health.health(), facts)));
  app.get('/livez', (_request, reply) => send(reply, liveAnswer(health.health())));
  app.get('/readyz', (_request, reply) => send(reply, readyAnswer(health.health())));
  app.post(CONVERT_PATH, (request, reply) =>
    typeof convert === 'string'
      ? sendError(reply, 403, convert)
      : reply.send(convert(request.body)),
  );

  const methods = new Map([
    ...['/metrics', '/health', '/livez', '/readyz'].map((path) => [path, 'GET, HEAD'] as const),
    [CONVERT_PATH, 'POST'] as const,
  ]);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = methods.get(path);
    if (allowed === undefined) {
      const known = [...methods.keys()].join(', ');
      return sendError(reply, 404, `nothing at ${path}: expected one of ${known}`);
    }
    reply.header('allow', allowed);
    return sendError(reply, 405, `${path} takes ${allowed}, got ${request.method}`);
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = error.statusCode ?? 500;
    if (code >= 500) logger.error({ error, path: request.url }, 'a request failed');
    const message = describeError(error);
    if (request.url.split('?', 1)[0] !== CONVERT_PATH) return sendError(reply, code, message);
    return reply.code(code).send(conversionFailure(message));
  });
  return app;
}

function parseJson(
  _request: unknown,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  let body: unknown;
  try {
    body = JSON.parse(String(text));
  } catch (error) {
    done(
      Object.assign(new Error(`expected one JSON document: ${describeError(error)}`), {
        statusCode: 400,
      }),
    );
    return;
  }
  done(null, body);
}

function send(reply: FastifyReply, { code, body }: Answer): FastifyReply {
  return reply.code(code).send(body);
}

/** In the form of chaos-monkey 3. */
function sendError(reply: FastifyReply, code: number, message: string): FastifyReply {
  return reply.code(code).send({ error_message: message, code });
}
