import type { Bench } from '../bench.ts';
import { processMemory } from '../program/process-files.ts';
import type { SimulatedScene } from './scene.ts';

/** How soon a controller is at work in very many namespaces. */
export const manyNamespaces: Bench<SimulatedScene> = {
  name: 'many-namespaces',
  async run({ program, content, activeAfterMs }) {
    const count = content.namespaces.toLocaleString('en');
    const { residentMiB } = await processMemory(program.pid);
    return [
      {
        what: `process start → all ${count} watchers active, simulated cluster`,
        value: activeAfterMs / 1_000,
        unit: 's',
        atMost: 15,
      },
      { what: `resident memory then`, value: residentMiB, unit: 'MiB' },
    ];
  },
};
