import type { Json } from '../patch/json.ts';

/** The open answer to a watch. */
export interface WatchStream {
  /** Aborts when the client is gone, or the stream has been closed. */
  readonly signal: AbortSignal;
  /** Sends one event; `object` is JSON. Nothing after the stream has closed. */
  send(type: WatchEventType, object: string): void;
  /** Ends the answer in order. */
  close(): void;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Sends an ERROR event with a Status. */
export function sendError(stream: WatchStream, status: Json): void {
  stream.send('ERROR', JSON.stringify(status));
}
