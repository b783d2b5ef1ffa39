import type { ServerResponse } from 'node:http';
import type { Answer } from './scripted-api-server.ts';

/** Answers of an API server, right ones and broken ones. */

/** A JSON document. */
export function json(code: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Any text, whatever its type. */
export function text(code: number, body: string): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'text/plain' });
    response.end(body);
  };
}

/** A `Status` of failure. */
export function failure(
  code: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return json(code, statusObject(code, reason, message), headers);
}

export function statusObject(code: number, reason: string, message: string) {
  return {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  };
}

/** A list, or a page of one. */
export function list(
  items: readonly unknown[],
  resourceVersion: string,
  continueToken?: string,
): Answer {
  const metadata = {
    resourceVersion,
    ...(continueToken !== undefined && { continue: continueToken }),
  };
  return json(200, { kind: 'List', apiVersion: 'v1', metadata, items });
}

/** Breaks the connection before any answer. */
export const reset: Answer = (response) => response.destroy();

/** Sends the beginning of a body, and breaks the connection. */
export function cutOff(body: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(body, () => response.destroy());
  };
}

/** Sends headers and the beginning of a body, and then nothing more. */
export function stall(body: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(body);
  };
}

/** Accepts the request, and never says anything. */
export const silence: Answer = () => {};

/** A watch that the test goes on writing. */
export class ScriptedWatch {
  readonly #response = Promise.withResolvers<ServerResponse>();

  /** What the server does with the request of this watch. */
  readonly answer: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#response.resolve(response);
  };

  async send(type: string, object: unknown): Promise<void> {
    await this.write(`${JSON.stringify({ type, object })}\n`);
  }

  async bookmark(resourceVersion: string): Promise<void> {
    await this.send('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion } });
  }

  async write(part: string): Promise<void> {
    const response = await this.#response.promise;
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
  }

  /** Ends it as the API server does at `timeoutSeconds`. */
  async end(): Promise<void> {
    (await this.#response.promise).end();
  }

  /** Breaks its connection. */
  async reset(): Promise<void> {
    (await this.#response.promise).destroy();
  }
}
