import type { ChaosMonkeyConfiguration } from '../configuration/types.ts';
import type { KubernetesClient } from '../kubernetes/client.ts';
import type { ObjectSource } from '../kubernetes/object-source.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Announcer } from './announcer.ts';
import type { ReplicaRestorer } from './replica-restorer.ts';
import type { StatusWriter } from './status-writer.ts';
import type { WatchRestarts } from './watch-restarts.ts';
import type { WatcherCensus } from './watcher-census.ts';
import type { WorkloadIndex } from './workload-index.ts';

/** What the nested watchers share. */
export interface ControllerContext {
  readonly client: KubernetesClient;
  readonly configurations: ObjectSource<ChaosMonkeyConfiguration>;
  readonly deployments: ObjectSource<Deployment>;
  readonly workloads: WorkloadIndex;
  readonly statusWriter: StatusWriter;
  readonly restorer: ReplicaRestorer;
  readonly announcer: Announcer;
  readonly census: WatcherCensus;
  readonly restarts: WatchRestarts;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How far the clock is ahead of that of the leader before, who has promised what is in statuses, ms. */
  readonly clockLeadMs: number;
  /** Of every configuration that names none and has none yet; undefined: one is drawn for each. */
  readonly seed: string | undefined;
  /** Aborts when the program ends: then nothing is put back, because somebody goes on where we stopped. */
  readonly ending: AbortSignal;
}
