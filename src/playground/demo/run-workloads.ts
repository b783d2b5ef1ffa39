import type { Clock } from '../../runtime/clock.ts';
import type { ObjectStore } from '../store.ts';
import { nodeOf } from '../workloads/nodes.ts';
import { NODES } from '../workloads/resources.ts';
import type { PodTiming } from '../workloads/workload-context.ts';
import { Workloads } from '../workloads/workloads.ts';

const NODE_NAMES = ['node-1', 'node-2'];

/** Slow enough to be watched, fast enough not to bore. */
const TIMING: PodTiming = { startMs: 700, readyMs: 900, stopMs: 1_500 };

/** Gives the cluster two nodes and lets deployments become pods until `signal` aborts. */
export async function runWorkloads(
  store: ObjectStore,
  { clock, seed }: { readonly clock: Clock; readonly seed: string },
  signal: AbortSignal,
): Promise<void> {
  const nodes = store.collection(NODES);
  for (const [index, name] of NODE_NAMES.entries()) {
    if (!nodes.get('', name)) nodes.create(nodeOf(name, index, clock.now()));
  }
  await new Workloads({ store, clock, seed, timing: TIMING }).run(signal);
}
