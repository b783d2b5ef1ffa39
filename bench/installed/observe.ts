import { setTimeout as sleep } from 'node:timers/promises';
import type { PodProgram, ProgramFacts } from './pod-program.ts';

/** How often a Prometheus scrapes, ms. */
const SCRAPE_EVERY_MS = 15_000;

/** A look takes a twentieth of a second of CPU in the container, ms. */
const LOOK_EVERY_MS = 5_000;

/** What a program was like while it was scraped. */
export interface Observed {
  /** The most it held at any look, and in its life. */
  readonly residentMiB: number;
  readonly peakMiB: number;
  /** The most connections at any look. */
  readonly connections: number;
  /** Of one core, in (0, 1) and above; that of the looks themselves is left out. */
  readonly cpuShare: number;
}

/** Watches a program in its container for this long, scraping it as Prometheus would, the first time at once. */
export async function observe(
  program: PodProgram,
  durationMs: number,
  signal: AbortSignal,
): Promise<Observed> {
  const began = performance.now();
  const looks: ProgramFacts[] = [await program.facts()];
  let scrapes = 0;
  while (performance.now() - began < durationMs) {
    if (performance.now() - began >= scrapes * SCRAPE_EVERY_MS) {
      await program.metrics();
      scrapes += 1;
    }
    looks.push(await program.facts());
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  const [first] = looks;
  const last = looks.at(-1);
  if (first === undefined || last === undefined) throw new Error('the program was never looked at');
  const seconds = (performance.now() - began) / 1_000;
  return {
    residentMiB: Math.max(...looks.map(({ residentMiB }) => residentMiB)),
    peakMiB: last.peakMiB,
    connections: Math.max(...looks.map(({ connections }) => connections)),
    cpuShare: (last.cpuSeconds - first.cpuSeconds) / seconds,
  };
}
