import { isApiError } from '../kubernetes/client.ts';
import type { Pod } from '../kubernetes/resources/pods.ts';
import { formatSelector } from '../kubernetes/selector.ts';
import type { AntiPressureWatcherMetrics } from '../observability/metrics/controller-metrics.ts';
import type { Candidates } from './candidates.ts';
import { deletePod } from './delete-pod.ts';
import type { DeploymentWatcher, DisturbOptions } from './disturb.ts';
import { candidatesOf, NOT_SYNCED, noReadyPods, podsAreKnown } from './pod-kill-watcher.ts';
import { type PodUsage, readPodUsages } from './pod-metrics.ts';
import { runTicks } from './run-ticks.ts';
import type { Mode, Skip } from './tick.ts';

/** `antiPressure`: deletes the ready pod of the deployment that uses most CPU, at each tick. */
export const watchAntiPressure: DeploymentWatcher = async (options, signal) => {
  const { context, deployment, record } = options;
  using metrics = context.metrics.antiPressureWatcher(
    record.namespace,
    formatSelector(deployment.selector),
  );
  await runTicks({ ...options, mode: antiPressure(options, metrics) }, signal);
};

function antiPressure(options: DisturbOptions, metrics: AntiPressureWatcherMetrics): Mode {
  const { context, deployment, record, spec } = options;
  return {
    async decide(_occasion, signal) {
      metrics.ran();
      if (!(await podsAreKnown(options, signal))) return NOT_SYNCED;
      const candidates = candidatesOf(options);
      const tooFew = guardMinimum(candidates, spec.minReplicas);
      if (tooFew !== undefined) return tooFew;
      const usages = await readPodUsages(
        context.client,
        record.namespace,
        deployment.selector,
        signal,
      ).catch(unavailable);
      if ('kind' in usages) return usages;
      const busiest = chooseBusiest(candidates.ready, usages, context.clock.now());
      if ('kind' in busiest) return busiest;
      return {
        kind: 'act',
        async perform() {
          const result = await deletePod(context, busiest.pod);
          if (result.kind !== 'acted') return result;
          metrics.killed(busiest.cpuCores);
          return {
            ...result,
            message: `${result.message}, the busiest with ${formatCores(busiest.cpuCores)} of CPU`,
          };
        },
      };
    },
  };
}

/** The deployment keeps at least `minReplicas` ready pods. */
function guardMinimum(candidates: Candidates, minReplicas: number): Skip | undefined {
  const ready = candidates.ready.length;
  if (ready === 0) return noReadyPods(candidates);
  if (ready > minReplicas) return undefined;
  const message = `${ready} pods are ready and minReplicas is ${minReplicas}: one less would be too few`;
  return { kind: 'skip', reason: 'BelowMinReplicas', message };
}

/** How old a measurement may be. metrics-server measures every 15 s by default, and up to every minute in use. */
const STALE_AFTER_MS = 150_000;

/** The pod with the highest CPU of those that were measured lately; of equals the oldest. */
export function chooseBusiest(
  ready: readonly Pod[],
  usages: ReadonlyMap<string, PodUsage>,
  now: number,
): { readonly pod: Pod; readonly cpuCores: number } | Skip {
  let busiest: { pod: Pod; cpuCores: number } | undefined;
  let stale = 0;
  for (const pod of ready) {
    const usage = usages.get(pod.metadata.name);
    if (usage === undefined) continue;
    if (now - usage.measuredAt > STALE_AFTER_MS || usage.measuredAt < pod.createdAt) stale += 1;
    else if (busiest === undefined || usage.cpuCores > busiest.cpuCores)
      busiest = { pod, cpuCores: usage.cpuCores };
  }
  if (busiest !== undefined) return busiest;
  const message = `none of ${ready.length} ready pods has a measurement of the last ${STALE_AFTER_MS / 1_000} s`;
  return { kind: 'skip', reason: stale > 0 ? 'MetricsStale' : 'MetricsUnavailable', message };
}

/** No metrics API (404), or one whose server is down (503), is a reason to do nothing and no failure. */
function unavailable(error: unknown): Skip {
  if (!isApiError(error, 404) && !isApiError(error, 503)) throw error;
  const message = `metrics.k8s.io does not answer (is metrics-server installed?): ${error.status.message}`;
  return { kind: 'skip', reason: 'MetricsUnavailable', message };
}

/** `250m` */
function formatCores(cores: number): string {
  return `${Math.round(cores * 1_000)}m`;
}
