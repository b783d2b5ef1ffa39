import { badRequest } from '../status-error.ts';
import type { Position } from '../storage/ordered-objects.ts';

/** What a page token says; clients are not to look into it. */
export interface PageToken {
  /** Of the snapshot that the pages are of; -1: as things are. */
  readonly revision: number;
  /** The last object of the page before. */
  readonly start: Position;
  /** How many objects there are behind it, when that was counted. */
  readonly remaining: number | undefined;
}

const VERSION = 'meta.k8s.io/v1';

export function encodeContinue({ revision, start, remaining }: PageToken): string {
  const content = {
    v: VERSION,
    rv: revision,
    start: `${start.namespace}/${start.name}\u0000`,
    ...(remaining === undefined ? {} : { left: remaining }),
  };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** @throws StatusError 400 for something else than a token */
export function decodeContinue(text: string): PageToken {
  const { v, rv, start, left } = parse(text);
  if (v !== VERSION || typeof rv !== 'number' || typeof start !== 'string') {
    throw invalidToken(`server does not recognize this encoded version ${JSON.stringify(v ?? '')}`);
  }
  const [namespace = '', name = ''] = start.replace(/\0$/, '').split('/');
  return {
    revision: rv,
    start: { namespace, name },
    remaining: typeof left === 'number' ? left : undefined,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof content === 'object' && content !== null ? { ...content } : {};
  } catch (error) {
    throw invalidToken(error instanceof Error ? error.message : String(error));
  }
}

function invalidToken(why: string) {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
