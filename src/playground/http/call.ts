import type { Decoded } from '../api/decode.ts';
import type { RequestInfo } from './request-info.ts';

/** One request, its body read. */
export interface Call {
  readonly info: RequestInfo;
  readonly method: string;
  readonly query: URLSearchParams;
  /** The Accept header; empty for none. */
  readonly accept: string;
  /** Content-Type without parameters, in lower case; empty for none. */
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Buffer;
  /** Who calls, by the token; the administrator without one. */
  readonly user: User;
  /** Texts for `Warning` headers, in the order they were found. */
  readonly warnings: Set<string>;
}

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Whether nothing is to be changed. */
export function isDryRun({ query }: Call): boolean {
  return query.get('dryRun') === 'All';
}

/** Who is said to have written the fields. */
export function fieldManagerOf({ query, userAgent }: Call): string {
  return query.get('fieldManager') || (userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown';
}

/** A body, read, with what strict reading finds fault with. */
export type { Decoded };
