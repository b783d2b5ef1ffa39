import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, Query } from './api-client.ts';
import { listAt, nameOf, textAt, uidOf } from './value.ts';

export interface WaitOptions {
  readonly query?: Query;
  /** Default: 60 000. */
  readonly timeoutMs?: number;
}

/** How long to leave a server alone that does not answer, ms. */
const PAUSE_MS = 100;

/**
 * Watches a collection until `reached` is true of all objects in it, and resolves with them. A server
 * that does not answer, or not yet knows the kind, is asked again until the time is over.
 */
export async function waitFor(
  client: ApiClient,
  path: string,
  what: string,
  reached: (objects: readonly unknown[]) => boolean,
  { query = {}, timeoutMs = 60_000 }: WaitOptions = {},
): Promise<readonly unknown[]> {
  const until = performance.now() + timeoutMs;
  let last: readonly unknown[] = [];
  let trouble: unknown;
  while (performance.now() < until) {
    try {
      for await (const objects of states(client, path, query, until)) {
        last = objects;
        if (reached(objects)) return objects;
      }
    } catch (error) {
      trouble = error;
      await sleep(PAUSE_MS);
    }
  }
  const seen = JSON.stringify(last.map(summary)).slice(0, 2_000);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}; last seen at ${path}: ${seen}`, {
    cause: trouble,
  });
}

/** The collection after its list and after every event of one watch. */
async function* states(
  client: ApiClient,
  path: string,
  query: Query,
  until: number,
): AsyncGenerator<readonly unknown[]> {
  const answer = await client.get(path, query);
  if (answer.code !== 200)
    throw new Error(`${path}: ${answer.code} ${textAt(answer.body, 'message')}`);
  const objects = new Map(listAt(answer.body, 'items').map((object) => [uidOf(object), object]));
  yield [...objects.values()];
  const timeoutSeconds = Math.max(1, Math.ceil((until - performance.now()) / 1_000));
  const resourceVersion = textAt(answer.body, 'metadata', 'resourceVersion');
  using watch = await client.watch(path, { ...query, resourceVersion, timeoutSeconds });
  for (;;) {
    const event = await watch.next();
    if (event === undefined || event.type === 'ERROR') return;
    if (event.type === 'DELETED') objects.delete(uidOf(event.object));
    else if (event.type !== 'BOOKMARK') objects.set(uidOf(event.object), event.object);
    yield [...objects.values()];
  }
}

function summary(object: unknown) {
  const { spec, status } = Object(object);
  return { name: nameOf(object), spec, status };
}
