import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerProcess } from './controller-process.ts';
import { type ProcessMemory, processCpuSeconds, processMemory } from './process-files.ts';

/** How often a Prometheus scrapes, ms. */
const SCRAPE_EVERY_MS = 15_000;

const SAMPLE_EVERY_MS = 500;

/** What a program was like while it was scraped. */
export interface Observed {
  /** The most it held at any sample while observed, and in its life. */
  readonly memory: ProcessMemory;
  /** What it held at the last sample, MiB. */
  readonly lastResidentMiB: number;
  /** Of one core, in (0, 1) and above. */
  readonly cpuShare: number;
  readonly scrapes: number;
}

/** Watches a program for this long, scraping it every 15 s as Prometheus would, the first time at once. */
export async function observe(
  program: ControllerProcess,
  durationMs: number,
  signal: AbortSignal,
): Promise<Observed> {
  const began = performance.now();
  const cpuBefore = await processCpuSeconds(program.pid);
  let scrapes = 0;
  let residentMiB = 0;
  let last: ProcessMemory = { residentMiB: 0, peakMiB: 0 };
  while (performance.now() - began < durationMs) {
    if (performance.now() - began >= scrapes * SCRAPE_EVERY_MS) {
      await program.metrics();
      scrapes += 1;
    }
    last = await processMemory(program.pid);
    residentMiB = Math.max(residentMiB, last.residentMiB);
    await sleep(SAMPLE_EVERY_MS, undefined, { signal });
  }
  const seconds = (performance.now() - began) / 1_000;
  const cpuSeconds = (await processCpuSeconds(program.pid)) - cpuBefore;
  return {
    memory: { residentMiB, peakMiB: last.peakMiB },
    lastResidentMiB: last.residentMiB,
    cpuShare: cpuSeconds / seconds,
    scrapes,
  };
}
