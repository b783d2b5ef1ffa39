import { invalid } from '../status-error.ts';
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

const OPTIONS: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/** How the API server calls what a query says about a write. */
export function writeOptionsKind({ info }: Call): string {
  return OPTIONS[info.verb] ?? 'DeleteOptions';
}

/** Whether nothing is to be changed. @throws StatusError 422 for something else than `All` */
export function isDryRun(call: Call): boolean {
  const asked = call.query.getAll('dryRun').filter((each) => each !== '');
  if (asked.every((each) => each === 'All')) return asked.length > 0;
  const message = `Unsupported value: ${JSON.stringify(asked)}: supported values: "All"`;
  throw invalid({ group: 'meta.k8s.io', kind: writeOptionsKind(call) }, '', [
    { reason: 'FieldValueNotSupported', message, field: 'dryRun' },
  ]);
}

/** Who is said to have written the fields. */
export function fieldManagerOf({ query, userAgent }: Call): string {
  return query.get('fieldManager') || (userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown';
}
