import { configurations as configurationResource } from '../configuration/resource.ts';
import type { KubernetesClient } from '../kubernetes/client.ts';
import { EventRecorder } from '../kubernetes/event-recorder.ts';
import type { KubernetesObject, Resource } from '../kubernetes/resource.ts';
import { deployments as deploymentResource } from '../kubernetes/resources/deployments.ts';
import { namespaces as namespaceResource } from '../kubernetes/resources/namespaces.ts';
import { pods as podResource } from '../kubernetes/resources/pods.ts';
import { replicaSets as replicaSetResource } from '../kubernetes/resources/replica-sets.ts';
import { SharedWatch } from '../kubernetes/shared-watch.ts';
import { watchResource } from '../kubernetes/watch-resource.ts';
import type { HealthSource } from '../observability/health.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import { ChildSet } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { Announcer } from './announcer.ts';
import type { ControllerContext } from './controller-context.ts';
import { ControllerHealth } from './controller-health.ts';
import { watchNamespaces } from './namespace-watcher.ts';
import type { OptInRule } from './opt-in.ts';
import { ReplicaRestorer } from './replica-restorer.ts';
import { StatusWriter } from './status-writer.ts';
import { watchObserver } from './watch-observer.ts';
import { WatchRestarts } from './watch-restarts.ts';
import { WatcherCensus } from './watcher-census.ts';
import { WorkloadIndex } from './workload-index.ts';

export interface ControllerOptions {
  readonly client: KubernetesClient;
  readonly rule: OptInRule;
  /** Of every configuration that names none; undefined: one is drawn for each. */
  readonly seed: string | undefined;
  /** How long one watch lasts before it is renewed, ms. */
  readonly watchTimeoutsMs: {
    readonly namespaces: number;
    readonly configurations: number;
    /** Pods, ReplicaSets and deployments. */
    readonly workloads: number;
  };
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Numbers in [0, 1) for jitter; choices of victims do not come from it. */
  readonly random: () => number;
}

/** A controller: what it does is in `run`, how it does in `health`. */
export interface Controller extends HealthSource {
  /** Disturbs what the configurations say until `signal` aborts; rejects when broken for good. */
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

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#census = new WatcherCensus(options.metrics.namespaceWatcher);
    this.#health = new ControllerHealth(options.clock, () => this.#census.total);
  }

  health() {
    return this.#health.read();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { client, clock, logger, metrics, random, rule, seed, watchTimeoutsMs } = this.#options;
    const namespaces = this.#watch(namespaceResource, watchTimeoutsMs.namespaces);
    const configurations = this.#watch(configurationResource, watchTimeoutsMs.configurations);
    const deployments = this.#watch(deploymentResource, watchTimeoutsMs.workloads);
    const replicaSets = this.#watch(replicaSetResource, watchTimeoutsMs.workloads);
    const pods = this.#watch(podResource, watchTimeoutsMs.workloads);
    const workloads = new WorkloadIndex(pods, replicaSets);
    const statusWriter = new StatusWriter({ clock, logger, random });
    const recorder = new EventRecorder({
      client,
      clock,
      observe: (result) => metrics.kubernetesEvent(result),
      onFailure: (error) => logger.debug({ error }, 'an Event was not written'),
    });
    const announcer = new Announcer(recorder);
    const restorer = new ReplicaRestorer({ client, deployments, announcer, logger, clock, random });
    const context: ControllerContext = {
      client,
      configurations,
      deployments,
      workloads,
      statusWriter,
      restorer,
      announcer,
      census: this.#census,
      restarts: this.#restarts,
      metrics,
      logger,
      clock,
      seed,
      ending: signal,
    };
    /** What the watchers stand on ends after they have: their last words are still written. */
    const ground = new AbortController();
    await using services = new ChildSet(ground.signal);
    const serve = (name: string, run: (childSignal: AbortSignal) => Promise<void>) =>
      services.start(name, run);
    serve('namespaces', (s) => namespaces.run(s));
    serve('configurations', (s) => configurations.run(s));
    serve('deployments', (s) => deployments.run(s));
    serve('replicasets', (s) => replicaSets.run(s));
    serve('pods', (s) => pods.run(s));
    serve('workload index', (s) => workloads.run(s));
    serve('status', (s) => statusWriter.run(s));
    serve('events', (s) => recorder.run(s));
    serve('restorer', (s) => restorer.run(s));
    using _restarts = this.#restarts.subscribe('namespaces', () =>
      metrics.namespaceWatcher.restarted(),
    );
    try {
      await Promise.race([
        watchNamespaces({ namespaces, rule, context }, signal),
        services.ended(),
      ]);
    } catch (error) {
      this.#health.broke(error);
      throw error;
    } finally {
      ground.abort();
    }
  }

  #watch<T extends KubernetesObject>(resource: Resource<T>, timeoutMs: number): SharedWatch<T> {
    const { client, clock, random, metrics, logger } = this.#options;
    const observer = watchObserver({
      resource: resource.plural,
      health: this.#health,
      restarts: this.#restarts,
      metrics,
      logger,
    });
    const timeoutSeconds = Math.ceil(timeoutMs / 1_000);
    const watch = new SharedWatch((signal) =>
      watchResource({ client, resource, timeoutSeconds, clock, random, observer }, signal),
    );
    metrics.cachedObjects(resource.plural, () => watch.size);
    return watch;
  }
}
