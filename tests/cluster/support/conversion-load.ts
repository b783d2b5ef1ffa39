import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.ts';
import { textAt } from './value.ts';

export interface LoadOptions {
  readonly kubeconfigPath: string;
  /** What is read, one after the other: objects in a version that has to be converted. */
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly durationMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

export interface LoadResult {
  readonly requests: number;
  /** What was answered instead of the object, or why nothing was. */
  readonly failures: readonly string[];
  /** From a request to its answer. */
  readonly slowestMs: number;
  readonly tookMs: number;
}

/** Requests under way at once. What cannot be sent because of it is sent as soon as one has ended. */
const MOST_AT_ONCE = 50;

/** How often it is looked whether requests are due, ms. */
const STEP_MS = 10;

/** Reads objects at a steady rate over connections that are kept. None is left out, however slow others are. */
export async function loadConversions(options: LoadOptions): Promise<LoadResult> {
  const { kubeconfigPath, paths, perSecond, durationMs, signal } = options;
  using client = await ApiClient.open(kubeconfigPath);
  const total = Math.round((perSecond * durationMs) / 1_000);
  const underWay = new Set<Promise<void>>();
  const failures: string[] = [];
  let slowestMs = 0;
  const began = performance.now();
  const read = async (index: number): Promise<void> => {
    const sentAt = performance.now();
    const failure = await readOnce(client, paths[index % paths.length] ?? '');
    slowestMs = Math.max(slowestMs, performance.now() - sentAt);
    if (failure !== undefined) failures.push(`${Math.round(sentAt - began)} ms: ${failure}`);
  };
  let sent = 0;
  while (sent < total && !signal.aborted) {
    const due = Math.min(total, Math.floor(((performance.now() - began) * perSecond) / 1_000));
    for (; sent < due && underWay.size < MOST_AT_ONCE; sent += 1) {
      const reading = read(sent).finally(() => underWay.delete(reading));
      underWay.add(reading);
    }
    await sleep(STEP_MS);
  }
  await Promise.all(underWay);
  return { requests: sent, failures, slowestMs, tookMs: performance.now() - began };
}

async function readOnce(client: ApiClient, path: string): Promise<string | undefined> {
  try {
    const { code, body } = await client.get(path);
    return code === 200 ? undefined : `${code} ${textAt(body, 'message')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
