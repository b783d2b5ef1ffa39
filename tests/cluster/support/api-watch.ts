import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { nameOf, textAt, versionOf } from './value.ts';

export interface WatchedEvent {
  readonly type: string;
  readonly object: unknown;
}

/** How long a test waits for an event that should come, ms. */
const PATIENCE_MS = 20_000;

/** A watch as it comes over the wire. Closed by `using`. */
export class ApiWatch implements Disposable {
  readonly #closing: AbortController;
  readonly #lines: AsyncIterator<WatchedEvent>;

  constructor(response: IncomingMessage, closing: AbortController) {
    this.#closing = closing;
    this.#lines = lines(response);
  }

  /** The next event; undefined when the server ended the watch in order. */
  async next(): Promise<WatchedEvent | undefined> {
    const late = setTimeout(
      () => this.#closing.abort(new Error(`no event within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    try {
      const { value, done } = await this.#lines.next();
      return done === true ? undefined : value;
    } finally {
      clearTimeout(late);
    }
  }

  /** The next event that is no bookmark, as `ADDED web`. */
  async nextChange(): Promise<string> {
    for (;;) {
      const event = await this.next();
      if (event === undefined) return 'END';
      if (event.type !== 'BOOKMARK') return describeEvent(event);
    }
  }

  /** Events up to and with the first that is `last` for it. @throws Error when the watch ends before */
  async until(last: (event: WatchedEvent) => boolean): Promise<WatchedEvent[]> {
    const events: WatchedEvent[] = [];
    for (;;) {
      const event = await this.next();
      if (event === undefined) {
        throw new Error(`the watch ended after ${events.map(describeEvent).join(', ')}`);
      }
      events.push(event);
      if (last(event)) return events;
    }
  }

  /** All events until the server ends the watch. */
  async toEnd(): Promise<WatchedEvent[]> {
    const events: WatchedEvent[] = [];
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      events.push(event);
    }
    return events;
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }
}

/** `ADDED web`; a bookmark without the name it does not have, an error with its code. */
export function describeEvent({ type, object }: WatchedEvent): string {
  if (type === 'BOOKMARK') return type;
  return type === 'ERROR' ? `ERROR ${textAt(object, 'reason')}` : `${type} ${nameOf(object)}`;
}

/** Bookmarks carry this annotation where the initial events end. */
export function endsInitialEvents({ type, object }: WatchedEvent): boolean {
  const annotation = textAt(object, 'metadata', 'annotations', 'k8s.io/initial-events-end');
  return type === 'BOOKMARK' && annotation === 'true' && versionOf(object) !== '';
}

async function* lines(response: IncomingMessage): AsyncGenerator<WatchedEvent> {
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line !== '') yield parse(line);
    }
    if (rest !== '') throw new Error(`the watch broke within a line: ${rest.slice(0, 100)}`);
  } finally {
    response.destroy();
    if (!response.closed) await once(response, 'close');
  }
}

function parse(line: string): WatchedEvent {
  const event: unknown = JSON.parse(line);
  const type = textAt(event, 'type');
  if (type === '') throw new Error(`no watch event: ${line.slice(0, 200)}`);
  return { type, object: Object(event).object };
}
