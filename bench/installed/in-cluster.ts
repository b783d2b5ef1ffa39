import type { Bench } from '../bench.ts';
import type { Measurement } from '../measurement.ts';
import { untilActive } from '../program/measure-start.ts';
import { followActive } from '../real/active-conditions.ts';
import { difference, openWatches } from '../real/open-watches.ts';
import { reconfigure } from '../real/seed.ts';
import { observe } from './observe.ts';
import type { InstalledScene } from './scene.ts';

const START_TIMEOUT_MS = 120_000;

/** As long as the same bench outside the cluster. */
const DURATION_MS = 61_000;

/** Watched by the kubelet for the pod, and not by the program. */
const OF_THE_KUBELET = 'configmaps';

/** The bounds that hold outside the cluster, and inside. */
const BOUNDS = { activeSeconds: 3, writtenSeconds: 6, residentMiB: 150 };

/** The controller in its container, without a CPU limit as the chart has it. */
export const inCluster: Bench<InstalledScene> = {
  name: 'in-cluster',
  run: (scene, signal) => measure(scene, { cpuLimit: undefined, bounds: BOUNDS }, signal),
};

/** With half a core at most, which is told and not judged: whoever sets such a limit chooses to wait. */
export const inClusterLimited: Bench<InstalledScene> = {
  name: 'in-cluster-500m',
  run: (scene, signal) => measure(scene, { cpuLimit: '500m', bounds: {} }, signal),
};

interface Options {
  readonly cpuLimit: string | undefined;
  readonly bounds: Partial<typeof BOUNDS>;
}

async function measure(
  scene: InstalledScene,
  { cpuLimit, bounds }: Options,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  const { api, namespaces } = scene;
  await reconfigure(api, namespaces);
  using active = await followActive(api, namespaces.length);
  const watchesBefore = await openWatches(api);
  try {
    const program = await scene.start(cpuLimit);
    const options = { namespaces: namespaces.length, timeoutMs: START_TIMEOUT_MS };
    const activeAt = performance.timeOrigin + (await untilActive(program, options, signal));
    const writtenAt = performance.timeOrigin + (await active.reached);
    const { startedAt } = await program.facts();
    const watches = difference(watchesBefore, await openWatches(api));
    const seen = await observe(program, DURATION_MS, signal);
    const own = [...watches].filter(([resource]) => resource !== OF_THE_KUBELET);
    const under = cpuLimit === undefined ? 'no CPU limit' : `CPU limit ${cpuLimit}`;
    const count = `${namespaces.length.toLocaleString('en')} namespaces, ${under}`;
    return [
      {
        what: `${count}: process start → all watchers active`,
        value: (activeAt - startedAt) / 1_000,
        unit: 's',
        ...bound(bounds.activeSeconds),
      },
      {
        what: `${count}: process start → Active=True written on all`,
        value: (writtenAt - startedAt) / 1_000,
        unit: 's',
        ...bound(bounds.writtenSeconds),
      },
      {
        what: `${count}: open watches (${own.map(([resource, n]) => `${resource} ${n}`).join(', ')})`,
        value: own.reduce((sum, [, n]) => sum + n, 0),
        unit: 'count',
        atLeast: 1,
        atMost: 6,
      },
      {
        what: `${count}: connections to the API server`,
        value: seen.connections,
        unit: 'count',
        atLeast: 1,
        atMost: 12,
      },
      {
        what: `${count}: resident memory, scraped every 15 s: most in a minute`,
        value: seen.residentMiB,
        unit: 'MiB',
        ...bound(bounds.residentMiB),
      },
      {
        what: `${count}: resident memory, most since it started`,
        value: seen.peakMiB,
        unit: 'MiB',
      },
      { what: `${count}: CPU meanwhile, ms a second`, value: seen.cpuShare * 1_000, unit: 'ms' },
    ];
  } finally {
    await scene.stop();
  }
}

function bound(atMost: number | undefined): { readonly atMost?: number } {
  return atMost === undefined ? {} : { atMost };
}
