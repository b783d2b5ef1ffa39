import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import type { Answer, ChunksAnswer, JsonAnswer } from './answer.ts';
import type { Call } from './call.ts';
import { representationOf } from './representation.ts';

/** As much is put together before it is written. */
const CHUNK_LENGTH = 128 * 1024;

/** What of a call decides how it is answered. */
type Asked = Pick<Call, 'accept' | 'warnings'>;

/** Sends everything but a watch; resolves when the client has taken it or is gone. */
export async function send(
  response: ServerResponse,
  call: Asked,
  answer: Exclude<Answer, { type: 'watch' }>,
): Promise<void> {
  for (const warning of call.warnings) {
    response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
  }
  response.setHeader('Cache-Control', 'no-cache, private');
  switch (answer.type) {
    case 'text':
      response.writeHead(answer.code, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(answer.text);
      return;
    case 'json':
      sendJson(response, call, answer);
      return;
    case 'chunks':
      await sendChunks(response, call, answer);
  }
}

function sendJson(response: ServerResponse, call: Asked, answer: JsonAnswer): void {
  const { code, body, contentType = 'application/json', headers = {} } = answer;
  const text = isText(body) ? body.text : JSON.stringify(body);
  const yaml = code < 400 && wantsYaml(call) && contentType === 'application/json';
  const bytes = Buffer.from(yaml ? asYaml(text) : text);
  response.writeHead(code, {
    ...headers,
    'Content-Type': yaml ? 'application/yaml' : contentType,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}

function isText(body: JsonAnswer['body']): body is { readonly text: string } {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof Reflect.get(body, 'text') === 'string' &&
    Object.keys(body).length === 1
  );
}

async function sendChunks(
  response: ServerResponse,
  call: Asked,
  { chunks }: ChunksAnswer,
): Promise<void> {
  if (wantsYaml(call)) {
    response.writeHead(200, { 'Content-Type': 'application/yaml' });
    response.end(asYaml([...chunks].join('')));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  let waiting = '';
  for (const chunk of chunks) {
    waiting += chunk;
    if (waiting.length < CHUNK_LENGTH) continue;
    const goesOn = response.write(waiting);
    waiting = '';
    if (!goesOn) await drained(response);
    if (response.destroyed) return;
  }
  response.end(waiting);
}

/** Resolves when more may be written, or the client is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    settled.abort();
  }
}

function wantsYaml({ accept }: Asked): boolean {
  try {
    return representationOf(accept).yaml;
  } catch {
    return false;
  }
}

function asYaml(text: string): string {
  const value: unknown = JSON.parse(text);
  return stringify(value);
}
