import { type Controller, createController } from '../../../../src/controller/run-controller.ts';
import { HttpKubernetesClient } from '../../../../src/kubernetes/http-client.ts';
import { MetricsRegistry } from '../../../../src/observability/metrics/metrics-registry.ts';
import { renderInSlices } from '../../../../src/observability/metrics/slices.ts';
import type { SimulatedCluster } from '../../../../src/playground/cluster.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { createLogger } from '../../../../src/runtime/logger.ts';
import { Capture } from '../../../fakes/capture.ts';
import { readExposition } from '../../../fakes/read-exposition.ts';
import { until } from './until.ts';

export interface ControllerShape {
  /** Default `ALLOWALL`. */
  readonly behavior?: 'ALLOWALL' | 'DENYALL';
  /** Default: those of Kubernetes itself. */
  readonly protectedNamespaces?: readonly string[];
  /** Default: the whole cluster. */
  readonly watchNamespaces?: readonly string[];
  readonly seed?: string;
  /** How long each watch lasts, ms. Default: two days. */
  readonly watchTimeoutMs?: number;
  /**
   * Name of a replica among others, and of its user: only one of them acts, by the Lease `chaos-monkey` in the
   * namespace `chaosmonkey`. Default: the only one.
   */
  readonly replica?: string;
}

const TWO_DAYS_MS = 172_800_000;

/** The controller as its command puts it together, with a log and metrics that tests read. */
export class RunningController {
  readonly #controller: Controller;
  readonly #client: HttpKubernetesClient;
  readonly #metrics: MetricsRegistry;
  readonly #log = new Capture();
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  readonly #isReplica: boolean;
  #stopped: Promise<void> | undefined;

  constructor(cluster: SimulatedCluster, clock: Clock, shape: ControllerShape) {
    const {
      behavior = 'ALLOWALL',
      protectedNamespaces = ['kube-system', 'kube-public', 'kube-node-lease'],
      watchNamespaces = [],
      watchTimeoutMs = TWO_DAYS_MS,
    } = shape;
    const { replica: user = USER } = shape;
    this.#isReplica = shape.replica !== undefined;
    cluster.access.addToken(user, { name: user, groups: [] });
    this.#metrics = new MetricsRegistry({ rootNamespace: 'chaosmonkey', behavior, version: '0' });
    this.#client = new HttpKubernetesClient({
      credentials: {
        server: new URL(cluster.url),
        identity: async () => ({ headers: { Authorization: `Bearer ${user}` }, tls: {} }),
        reload: () => {},
      },
      userAgent: user,
      clock,
      random: Math.random,
      observe: (call) => this.#metrics.apiRequest(call),
    });
    this.#controller = createController({
      client: this.#client,
      rule: { behavior, protectedNamespaces: new Set(protectedNamespaces) },
      watchNamespaces,
      seed: shape.seed,
      election: this.#isReplica ? { ...ELECTION, identity: user } : undefined,
      watchTimeoutsMs: {
        namespaces: watchTimeoutMs,
        configurations: watchTimeoutMs,
        workloads: watchTimeoutMs,
      },
      metrics: this.#metrics,
      logger: createLogger({ output: this.#log, level: 'debug', format: 'json' }),
      clock,
      random: Math.random,
    });
    this.#running = this.#controller.run(this.#ending.signal);
    this.#running.catch(() => {});
  }

  /** `level: message` of every line logged so far. */
  get log(): readonly string[] {
    return this.lines.map(({ level, msg }) => `${level}: ${msg}`);
  }

  get lines(): readonly Readonly<Record<string, unknown>>[] {
    return this.#log.lines.map((line) => JSON.parse(line));
  }

  get health() {
    return this.#controller.health();
  }

  /** The sum of the samples of this name whose labels are (at least) these; undefined when there is none. */
  async metric(
    name: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<number | undefined> {
    let text = '';
    for await (const slice of renderInSlices(this.#metrics.sources())) text += slice;
    const found = readExposition(text).samples.filter(
      (sample) =>
        sample.name === `chaos_monkey_${name}` &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }

  /** Ends the controller, and resolves when it has ended. @throws what broke it */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /**
   * Ends it as a crash does: its connections break first, so nothing more is written.
   * @param pass lets time pass, until it has given up
   */
  async crash(pass: () => Promise<void>): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
    let ended = false;
    const stopped = this.stop().finally(() => {
      ended = true;
    });
    await until('the end', async () => {
      await pass();
      return ended;
    });
    await stopped;
  }

  async #stop(): Promise<void> {
    this.#ending.abort();
    try {
      await this.#running;
      // That of a replica is the leader's, who may go on.
      if (!this.#isReplica && this.health.totalWatchers !== 1)
        throw new Error(`${this.health.totalWatchers - 1} watchers are left`);
    } finally {
      await this.#client[Symbol.asyncDispose]();
    }
  }
}

const ELECTION = {
  namespace: 'chaosmonkey',
  name: 'chaos-monkey',
  durationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
};

/** Name and token of the controller's user. */
export const USER = 'chaos-monkey';
