import type { Bench } from '../bench.ts';
import { observe } from '../program/regular-scrapes.ts';
import type { RealScene } from './scene.ts';

const DURATION_MS = 61_000;

/** What the controller holds in memory in its first minutes, while it is scraped. */
export const memory: Bench<RealScene> = {
  name: 'memory',
  async run({ program, namespaces }, signal) {
    const { memory: held, cpuShare, lastResidentMiB } = await observe(program, DURATION_MS, signal);
    const at = `at ${namespaces.length.toLocaleString('en')} namespaces`;
    return [
      {
        what: `resident memory ${at}, scraped every 15 s: most in a minute`,
        value: held.residentMiB,
        unit: 'MiB',
        atMost: 150,
      },
      { what: `resident memory ${at}, at its end`, value: lastResidentMiB, unit: 'MiB' },
      { what: `resident memory ${at}, most since it started`, value: held.peakMiB, unit: 'MiB' },
      { what: 'CPU meanwhile, ms a second', value: cpuShare * 1_000, unit: 'ms' },
    ];
  },
};
