import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/**
 * Reads again and again until `reached`. What cannot be read is not reached yet.
 * @throws Error naming `what` and the last value when the time is over
 */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  reached: (value: T) => boolean,
  { everyMs, timeoutMs }: UntilOptions,
  signal: AbortSignal,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown = 'nothing';
  while (performance.now() < end) {
    signal.throwIfAborted();
    try {
      const value = await read();
      if (reached(value)) return value;
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    await sleep(everyMs, undefined, { signal });
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}; last: ${String(last)}`);
}
