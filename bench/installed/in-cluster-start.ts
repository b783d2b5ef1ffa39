import type { Bench } from '../bench.ts';
import { until } from '../support/until.ts';
import type { InstalledScene } from './scene.ts';

const START_TIMEOUT_MS = 60_000;

/** How soon a container that starts is ready, on a cluster where there is little to read. */
export const inClusterStart: Bench<InstalledScene> = {
  name: 'in-cluster-start',
  async run(scene, signal) {
    return [
      {
        what: 'process start in the container → ready, no CPU limit',
        value: await secondsUntilReady(scene, undefined, signal),
        unit: 's',
        atMost: 1.5,
      },
      {
        what: 'process start in the container → ready, CPU limit 500m',
        value: await secondsUntilReady(scene, '500m', signal),
        unit: 's',
      },
    ];
  },
};

async function secondsUntilReady(
  scene: InstalledScene,
  cpuLimit: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  try {
    const program = await scene.start(cpuLimit);
    await until(
      '/readyz to say that it is ready',
      () => program.isReady(),
      (ready) => ready,
      { everyMs: 50, timeoutMs: START_TIMEOUT_MS },
      signal,
    );
    const readyAt = Date.now();
    const { startedAt } = await program.facts();
    return (readyAt - startedAt) / 1_000;
  } finally {
    await scene.stop();
  }
}
