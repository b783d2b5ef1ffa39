import type { ServerResponse } from 'node:http';
import type { WatchEventType, WatchStream } from './watch-stream.ts';

/** A client that reads slower than this many waiting bytes is cut off, as the API server does. */
const MOST_WAITING_BYTES = 256 * 1024 * 1024;

/** The answer to a watch over HTTP: one JSON line per event. It can be made to misbehave. */
export class HttpWatchStream implements WatchStream {
  readonly #response: ServerResponse;
  readonly #controller = new AbortController();
  #silent = false;
  #cutNext = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.once('close', () => this.#controller.abort());
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  send(type: WatchEventType, object: string): void {
    if (this.#silent || this.signal.aborted) return;
    const line = `{"type":"${type}","object":${object}}\n`;
    if (this.#cutNext) this.#cut(line);
    else this.#response.write(line);
    if (this.#response.writableLength > MOST_WAITING_BYTES) this.#response.destroy();
  }

  close(): void {
    if (!this.#silent) this.#response.end();
    if (!this.#silent) this.#controller.abort();
  }

  /** Sends nothing any more and keeps the connection open. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** Breaks the connection in the middle of the next event. */
  cutNextEvent(): void {
    this.#cutNext = true;
  }

  /** Breaks the connection now. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  #cut(line: string): void {
    this.#silent = true;
    this.#response.write(line.slice(0, line.length / 2), () => this.reset());
  }
}
