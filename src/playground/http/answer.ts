import type { Json } from '../patch/json.ts';
import type { WatchStream } from './watch-stream.ts';

export interface JsonAnswer {
  readonly type: 'json';
  readonly code: number;
  /** A text is JSON already. */
  readonly body: Json | { readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: `application/json`. */
  readonly contentType?: string;
}

export interface TextAnswer {
  readonly type: 'text';
  readonly code: number;
  readonly text: string;
}

/** A long JSON text, made while it is sent. */
export interface ChunksAnswer {
  readonly type: 'chunks';
  readonly chunks: Iterable<string>;
}

export interface WatchAnswer {
  readonly type: 'watch';
  /** Called once the answer has begun; the stream closes itself by what it is told there. */
  readonly open: (stream: WatchStream) => Promise<void>;
}

export type Answer = JsonAnswer | TextAnswer | ChunksAnswer | WatchAnswer;

export function json(body: Json, code = 200): JsonAnswer {
  return { type: 'json', code, body };
}

/** JSON that has been written before. */
export function jsonText(text: string, code = 200): JsonAnswer {
  return { type: 'json', code, body: { text } };
}

export function text(body: string, code = 200): TextAnswer {
  return { type: 'text', code, text: body };
}
