import type { KubernetesClient } from '../kubernetes/client.ts';
import {
  LeaderElection,
  type LeaderElectionOptions,
  type Leadership,
  undisputed,
} from '../kubernetes/leader-election.ts';
import type { HealthSource } from '../observability/health.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import { ChildSet } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { ControllerHealth, type HealthFacts } from './controller-health.ts';
import { type Duties, lead } from './lead.ts';
import type { OptInRule } from './opt-in.ts';
import { openSources } from './sources.ts';
import { watchObserver } from './watch-observer.ts';
import { WatchRestarts } from './watch-restarts.ts';
import { WatcherCensus } from './watcher-census.ts';
import { WorkloadIndex } from './workload-index.ts';

/** On the Lease: how many watchers the leader runs, so that every replica can tell. */
export const TOTAL_WATCHERS_ANNOTATION = 'cm.massix.github.io/total-watchers';

/** The Lease by which replicas agree on the one that acts. */
export type ElectionTerms = Pick<
  LeaderElectionOptions,
  | 'namespace'
  | 'name'
  | 'identity'
  | 'durationMs'
  | 'renewDeadlineMs'
  | 'retryPeriodMs'
  | 'ownerReference'
>;

export interface ControllerOptions {
  readonly client: KubernetesClient;
  readonly rule: OptInRule;
  /** The only namespaces to look at, in which rights are given one by one. Default: all. */
  readonly watchNamespaces?: readonly string[];
  /** Of every configuration that names none; undefined: one is drawn for each. */
  readonly seed: string | undefined;
  /** How long one watch lasts before it is renewed, ms. */
  readonly watchTimeoutsMs: {
    readonly namespaces: number;
    readonly configurations: number;
    /** Pods, ReplicaSets and deployments. */
    readonly workloads: number;
  };
  /** Undefined: this program acts, whoever else does. */
  readonly election?: ElectionTerms | undefined;
  /** What the leader does besides. Default: nothing. */
  readonly duties?: Duties;
  /** What else is awaited before the program is ready, and what somebody has to mend. Default: nothing. */
  readonly facts?: () => Pick<ReturnType<HealthFacts>, 'awaited' | 'problems'>;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Numbers in [0, 1) for jitter; choices of victims do not come from it. */
  readonly random: () => number;
}

/** A controller: what it does is in `run`, how it does in `health`. */
export interface Controller extends HealthSource {
  /**
   * Watches, and while it is the leader disturbs what the configurations say, until `signal` aborts;
   * rejects when broken for good.
   */
  run(signal: AbortSignal): Promise<void>;
}

export function createController(options: ControllerOptions): Controller {
  return new RunnableController(options);
}

class RunnableController implements Controller {
  readonly #options: ControllerOptions;
  readonly #health: ControllerHealth;
  readonly #census: WatcherCensus;
  readonly #restarts = new WatchRestarts();
  readonly #election: LeaderElection | undefined;

  constructor(options: ControllerOptions) {
    const { client, clock, election, logger, metrics, random } = options;
    this.#options = options;
    this.#census = new WatcherCensus(metrics.namespaceWatcher);
    this.#health = new ControllerHealth(clock, () => this.#facts());
    this.#election =
      election &&
      new LeaderElection({
        client,
        clock,
        random,
        logger,
        ...election,
        annotations: () => ({ [TOTAL_WATCHERS_ANNOTATION]: String(this.#census.total) }),
      });
  }

  health() {
    return this.#health.read();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { client, clock, random, metrics, logger, watchTimeoutsMs } = this.#options;
    const { rule, seed, watchNamespaces = [], duties = () => ({}) } = this.#options;
    const sources = openSources({
      client,
      watchNamespaces,
      watchTimeoutsMs,
      clock,
      random,
      observer: (resource, namespace) =>
        watchObserver({
          resource,
          namespace,
          health: this.#health,
          restarts: this.#restarts,
          metrics,
          logger,
        }),
    });
    for (const [resource, source] of sources.all) {
      metrics.cachedObjects(resource, () => source.size);
    }
    const workloads = new WorkloadIndex(sources.pods, sources.replicaSets);
    const leadWith = (leadership: Leadership) =>
      lead(
        {
          client,
          sources,
          workloads,
          census: this.#census,
          restarts: this.#restarts,
          rule,
          namespaced: watchNamespaces.length > 0,
          seed,
          duties,
          metrics,
          logger,
          clock,
          random,
        },
        leadership,
      );
    /** The watches go on until the watchers have ended, and between two leaderships. */
    const ground = new AbortController();
    await using services = new ChildSet(ground.signal);
    services.start('sources', (s) => sources.run(s));
    services.start('workload index', (s) => workloads.run(s));
    const acting = this.#election?.run(leadWith, signal) ?? leadWith(undisputed(signal));
    try {
      await Promise.race([acting, services.ended()]);
    } catch (error) {
      this.#health.broke(error);
      throw error;
    } finally {
      ground.abort();
    }
  }

  #facts(): ReturnType<HealthFacts> {
    const { awaited, problems } = this.#options.facts?.() ?? { awaited: [], problems: [] };
    const election = this.#election;
    if (election === undefined) {
      return {
        totalWatchers: this.#census.total,
        leadership: { leading: true },
        awaited,
        problems,
      };
    }
    const { leading, holder, problem } = election;
    return {
      totalWatchers: leading
        ? this.#census.total
        : Number(election.annotation(TOTAL_WATCHERS_ANNOTATION) ?? this.#census.total),
      leadership: { leading, ...(holder !== undefined && { leader: holder }) },
      awaited: [...awaited, ...(problem === undefined ? [] : [`the Lease: ${problem}`])],
      problems,
    };
  }
}
