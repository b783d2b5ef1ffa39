import type { KubernetesClient } from '../kubernetes/client.ts';
import { EventRecorder } from '../kubernetes/event-recorder.ts';
import { fencedClient } from '../kubernetes/fenced-client.ts';
import type { Leadership } from '../kubernetes/leader-election.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import { ChildSet, type Run } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { Announcer } from './announcer.ts';
import type { ControllerContext } from './controller-context.ts';
import { watchNamespaces } from './namespace-watcher.ts';
import type { OptInRule } from './opt-in.ts';
import { ReplicaRestorer } from './replica-restorer.ts';
import type { Sources } from './sources.ts';
import { StatusWriter } from './status-writer.ts';
import type { WatchRestarts } from './watch-restarts.ts';
import type { WatcherCensus } from './watcher-census.ts';
import type { WorkloadIndex } from './workload-index.ts';

/** What the leader does for the installation besides disturbing: `run` by name. */
export type Duties = (means: LeaderMeans) => Readonly<Record<string, Run>>;

export interface LeaderMeans {
  /** Writes only while the lease is ours. */
  readonly client: KubernetesClient;
  readonly recorder: EventRecorder;
}

export interface LeadOptions {
  readonly client: KubernetesClient;
  readonly sources: Sources;
  readonly workloads: WorkloadIndex;
  readonly census: WatcherCensus;
  readonly restarts: WatchRestarts;
  readonly rule: OptInRule;
  /** Whether rights are those of a list of namespaces: Events about a namespace then go into it. */
  readonly namespaced: boolean;
  readonly seed: string | undefined;
  readonly duties: Duties;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * What only the leader does: the nested watchers, and what they write. Every write goes through a client
 * that refuses it once the lease may be another's.
 */
export async function lead(options: LeadOptions, leadership: Leadership): Promise<void> {
  const { sources, clock, logger, metrics, random, rule } = options;
  const client = fencedClient(options.client, leadership);
  const statusWriter = new StatusWriter({ clock, logger, random });
  const recorder = new EventRecorder({
    client,
    clock,
    observe: (result) => metrics.kubernetesEvent(result),
    onFailure: (error) => logger.debug({ error }, 'an Event was not written'),
  });
  const announcer = new Announcer(recorder, { namespaced: options.namespaced });
  const { deployments, configurations, namespaces } = sources;
  const restorer = new ReplicaRestorer({ client, deployments, announcer, logger, clock, random });
  const context: ControllerContext = {
    client,
    configurations,
    deployments,
    workloads: options.workloads,
    statusWriter,
    restorer,
    announcer,
    census: options.census,
    restarts: options.restarts,
    metrics,
    logger,
    clock,
    clockLeadMs: leadership.clockLeadMs ?? 0,
    seed: options.seed,
    ending: leadership.signal,
  };
  /** What the watchers stand on ends after they have: their last words are still written. */
  const ground = new AbortController();
  await using services = new ChildSet(ground.signal);
  services.start('status', (signal) => statusWriter.run(signal));
  services.start('events', (signal) => recorder.run(signal));
  services.start('restorer', (signal) => restorer.run(signal));
  for (const [name, run] of Object.entries(options.duties({ client, recorder }))) {
    services.start(name, run);
  }
  using _restarts = options.restarts.subscribe('namespaces', () =>
    metrics.namespaceWatcher.restarted(),
  );
  // Whoever is told to end acts no more, however long what is under way takes.
  const follow = () => metrics.leading(false);
  metrics.leading(!leadership.signal.aborted);
  leadership.signal.addEventListener('abort', follow, { once: true });
  try {
    await Promise.race([
      watchNamespaces({ namespaces, rule, context }, leadership.signal),
      services.ended(),
    ]);
  } finally {
    ground.abort();
    leadership.signal.removeEventListener('abort', follow);
    metrics.leading(false);
    metrics.namespaces({ watched: 0, opted_out: 0, protected: 0, terminating: 0 });
  }
}
