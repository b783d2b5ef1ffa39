import type { Bench } from '../bench.ts';
import type { RealScene } from './scene.ts';

/** How soon a controller that starts is at work everywhere. */
export const start: Bench<RealScene> = {
  name: 'start',
  async run({ namespaces, activeAfterMs, writtenAfterMs }) {
    const count = namespaces.length.toLocaleString('en');
    return [
      {
        what: `process start → all ${count} watchers active`,
        value: activeAfterMs / 1_000,
        unit: 's',
        atMost: 3,
      },
      {
        what: `process start → Active=True written on all ${count}`,
        value: writtenAfterMs / 1_000,
        unit: 's',
        atMost: 6,
      },
    ];
  },
};
