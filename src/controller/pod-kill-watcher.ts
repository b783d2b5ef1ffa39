import type { Pod } from '../kubernetes/resources/pods.ts';
import { formatSelector, matchesSelector } from '../kubernetes/selector.ts';
import type { PodWatcherMetrics } from '../observability/metrics/controller-metrics.ts';
import { formatGoDuration } from '../runtime/go-duration.ts';
import { type Candidates, describeCandidates, drawVictim, sortCandidates } from './candidates.ts';
import { deletePod } from './delete-pod.ts';
import type { DeploymentWatcher, DisturbOptions } from './disturb.ts';
import { runTicks } from './run-ticks.ts';
import type { Mode, Skip } from './tick.ts';

/** `killPod`: deletes one ready pod of the deployment, drawn at random, at each tick. */
export const watchPodKill: DeploymentWatcher = async (options, signal) => {
  const { context, deployment, record } = options;
  using metrics = context.metrics.podWatcher(record.namespace, formatSelector(deployment.selector));
  using _restarts = context.restarts.subscribe('pods', () => metrics.restarted(), record.namespace);
  using _pods = followPods(options, metrics);
  await runTicks({ ...options, mode: killPod(options, metrics) }, signal);
};

function killPod(options: DisturbOptions, metrics: PodWatcherMetrics): Mode {
  const { context } = options;
  return {
    async decide({ random }, signal) {
      if (!(await podsAreKnown(options, signal))) return NOT_SYNCED;
      const candidates = candidatesOf(options);
      const victim = drawVictim(candidates.ready, random);
      if (victim === undefined) return noReadyPods(candidates);
      return {
        kind: 'act',
        async perform() {
          const result = await deletePod(context, victim);
          if (result.kind === 'acted') metrics.killed();
          return result;
        },
      };
    },
  };
}

export const NOT_SYNCED: Skip = {
  kind: 'skip',
  reason: 'NotSynced',
  message: 'the pods could not be listed yet; the log says why',
};

/** How long a tick waits for the first list of pods, ms: a controller that has just begun is no reason to skip. */
const PATIENCE_MS = 10_000;

export function podsAreKnown(
  { context: { workloads, clock }, record }: DisturbOptions,
  signal: AbortSignal,
): Promise<boolean> {
  return workloads.waitForSync(record.namespace, { clock, patienceMs: PATIENCE_MS }, signal);
}

export function noReadyPods(candidates: Candidates): Skip {
  return { kind: 'skip', reason: 'NoReadyPods', message: describeCandidates(candidates) };
}

/** The pods that the deployment owns and its selector matches. */
export function candidatesOf({ context, deployment }: DisturbOptions): Candidates {
  return sortCandidates(context.workloads.podsOf(deployment.metadata.uid), (pod) =>
    matchesSelector(deployment.selector, pod.labels),
  );
}

/** Counts the pods that may be chosen, and tells each once that it may be. */
function followPods(
  { context, deployment, record, spec }: DisturbOptions,
  metrics: PodWatcherMetrics,
): Disposable {
  const every = formatGoDuration(spec.timeoutMs);
  const targets = new Set<string>();
  const add = (pod: Pod, announced: boolean) => {
    if (!matchesSelector(deployment.selector, pod.labels)) return;
    targets.add(pod.metadata.uid);
    metrics.added(1);
    if (!announced) context.announcer.podTargeted(pod, every);
  };
  const { workloads } = context;
  const { uid } = deployment.metadata;
  const resumed = !record.isNew;
  for (const pod of workloads.podsOf(uid)) add(pod, resumed);
  metrics.active(targets.size);
  const unsubscribe = workloads.subscribe(uid, ({ type, pod }) => {
    // What the first list brings was there, and told, in an earlier life.
    if (type === 'added') add(pod, resumed && !workloads.isSynced(record.namespace));
    else if (targets.delete(pod.metadata.uid)) metrics.removed(1);
    metrics.active(targets.size);
  });
  return { [Symbol.dispose]: unsubscribe };
}
