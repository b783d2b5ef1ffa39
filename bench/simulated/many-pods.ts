import type { Bench } from '../bench.ts';
import { sumOf } from '../program/exposition.ts';
import { observe } from '../program/regular-scrapes.ts';
import type { SimulatedScene } from './scene.ts';

const DURATION_MS = 61_000;

/** What the controller holds in memory of a large cluster, while it is scraped. */
export const manyPods: Bench<SimulatedScene> = {
  name: 'many-pods',
  async run({ program, content, activeAfterMs }, signal) {
    const { memory, lastResidentMiB } = await observe(program, DURATION_MS, signal);
    const pods = sumOf(await program.metrics(), 'chaos_monkey_cached_objects', 'resource="pods"');
    const configurations = content.namespaces.toLocaleString('en');
    const what = `resident memory at ${configurations} configurations and ${pods.toLocaleString('en')} pods`;
    return [
      {
        what: `pods known, of ${configurations} configurations`,
        value: pods,
        unit: 'count',
        atLeast: content.namespaces * content.podsEach,
      },
      {
        what: `${what}, scraped every 15 s: most in a minute`,
        value: memory.residentMiB,
        unit: 'MiB',
        atMost: 350,
      },
      { what: `${what}, at its end`, value: lastResidentMiB, unit: 'MiB' },
      { what: `${what}, most since it started`, value: memory.peakMiB, unit: 'MiB' },
      {
        what: 'process start → all watchers active',
        value: activeAfterMs / 1_000,
        unit: 's',
      },
    ];
  },
};
