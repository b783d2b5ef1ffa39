import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitUntilOptions {
  /** Default: 60 000. */
  readonly timeoutMs?: number;
  /** Default: 200. */
  readonly everyMs?: number;
}

/** Reads what cannot be watched again and again, until it is as wanted. What cannot be read is not yet so. */
export async function waitUntil<T>(
  what: string,
  read: () => Promise<T>,
  reached: (value: T) => boolean,
  { timeoutMs = 60_000, everyMs = 200 }: WaitUntilOptions = {},
): Promise<T> {
  const until = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < until) {
    try {
      const value = await read();
      if (reached(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}; last: ${seen?.slice(0, 2_000)}`);
}
