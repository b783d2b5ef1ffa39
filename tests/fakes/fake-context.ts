import type { ChaosMonkeyConfiguration } from '../../src/configuration/types.ts';
import { Announcer } from '../../src/controller/announcer.ts';
import type { ControllerContext } from '../../src/controller/controller-context.ts';
import { ReplicaRestorer } from '../../src/controller/replica-restorer.ts';
import { StatusWriter } from '../../src/controller/status-writer.ts';
import { WatchRestarts } from '../../src/controller/watch-restarts.ts';
import { WatcherCensus } from '../../src/controller/watcher-census.ts';
import { WorkloadIndex } from '../../src/controller/workload-index.ts';
import type { EventNote } from '../../src/kubernetes/event-recorder.ts';
import type { Deployment } from '../../src/kubernetes/resources/deployments.ts';
import type { Pod } from '../../src/kubernetes/resources/pods.ts';
import type { ReplicaSet } from '../../src/kubernetes/resources/replica-sets.ts';
import { MetricsRegistry } from '../../src/observability/metrics/metrics-registry.ts';
import { ChildSet } from '../../src/runtime/child-set.ts';
import { silentLogger } from '../../src/runtime/logger.ts';
import { FakeClock } from './fake-clock.ts';
import { ManualWatch } from './manual-watch.ts';
import { ScriptedClient } from './scripted-client.ts';

/**
 * What the watchers of the controller stand on, with an API server that is a script, watches whose
 * events a test makes, and a clock that stands still.
 */
export class FakeContext implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly client = new ScriptedClient();
  readonly configurations = new ManualWatch<ChaosMonkeyConfiguration>();
  readonly deployments = new ManualWatch<Deployment>();
  readonly replicaSets = new ManualWatch<ReplicaSet>();
  readonly pods = new ManualWatch<Pod>();
  /** The Events that were told, in order. */
  readonly notes: EventNote[] = [];
  readonly metrics = new MetricsRegistry({
    rootNamespace: 'chaosmonkey',
    behavior: 'ALLOWALL',
    version: '0',
  });
  readonly context: ControllerContext;
  readonly #ending = new AbortController();
  readonly #ground = new AbortController();
  readonly #running = new ChildSet(this.#ground.signal);

  constructor() {
    const { clock, client, metrics } = this;
    const announcer = new Announcer({ record: (note) => void this.notes.push(note) });
    const random = () => 0.5;
    const shared = { client, clock, logger: silentLogger, announcer, random };
    const deployments = this.deployments.source;
    this.context = {
      ...shared,
      clockLeadMs: 0,
      metrics,
      deployments,
      configurations: this.configurations.source,
      workloads: new WorkloadIndex(this.pods.source, this.replicaSets.source),
      statusWriter: new StatusWriter(shared),
      restorer: new ReplicaRestorer({ ...shared, deployments }),
      census: new WatcherCensus(metrics.namespaceWatcher),
      restarts: new WatchRestarts(),
      seed: 'seed',
      ending: this.#ending.signal,
    };
    const { configurations, replicaSets, pods } = this;
    const { workloads, statusWriter, restorer } = this.context;
    const all = [configurations, this.deployments, replicaSets, pods];
    for (const [index, runner] of [...all, workloads, statusWriter, restorer].entries())
      this.#running.start(String(index), (signal) => runner.run(signal));
  }

  /** `reason: message` of the Events told so far. */
  get told(): readonly string[] {
    return this.notes.map(({ reason, message }) => `${reason}: ${message}`);
  }

  /** From now on what stops, stops because the program ends. */
  end(): void {
    this.#ending.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ground.abort();
    await this.#running[Symbol.asyncDispose]();
  }

  /** How many subscriptions to watches are left. */
  get subscriptions(): number {
    const all = [this.configurations, this.deployments, this.replicaSets, this.pods];
    return all.reduce((sum, { source }) => sum + source.subscriptions, 0);
  }
}
