import { setTimeout as pause } from 'node:timers/promises';

/** How long something may take that takes milliseconds on a machine at rest. */
const DEADLINE_MS = 20_000;
const PAUSE_MS = 4;

/**
 * Looks again and again until `look` gives something other than undefined or false, and resolves with it.
 * What it throws is not yet so. @param describe what is shown when that never happens
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  describe: () => unknown = () => undefined,
): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  let trouble: unknown;
  while (performance.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await pause(PAUSE_MS);
  }
  const seen = JSON.stringify(describe(), null, 1) ?? '';
  throw new Error(`waited in vain for ${what}; seen: ${seen.slice(-4_000)}`, { cause: trouble });
}
