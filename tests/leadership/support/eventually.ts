import { setTimeout as pause } from 'node:timers/promises';

/** How long something may take on a machine that has much else to do, ms. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 5;

/** Looks again and again until `look` is true. @param describe what is shown when that never happens */
export async function eventually(
  what: string,
  look: () => boolean | Promise<boolean>,
  describe: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}\n${describe()}`);
    await pause(PAUSE_MS);
  }
}
