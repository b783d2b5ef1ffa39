import { configurationCrd, crdWithoutConversion } from '../../../../src/configuration/crd.ts';
import { configurations } from '../../../../src/configuration/resource.ts';
import { HttpKubernetesClient } from '../../../../src/kubernetes/http-client.ts';
import { type ResourceAddress, resourcePath } from '../../../../src/kubernetes/resource.ts';
import { deployments } from '../../../../src/kubernetes/resources/deployments.ts';
import { namespaces } from '../../../../src/kubernetes/resources/namespaces.ts';
import { pods } from '../../../../src/kubernetes/resources/pods.ts';
import {
  type SimulatedCluster,
  type SimulatedClusterOptions,
  startSimulatedCluster,
} from '../../../../src/playground/cluster.ts';
import { at, listAt, numberAt, textAt } from '../../../cluster/support/value.ts';
import { SkippingClock } from '../../../fakes/skipping-clock.ts';
import { type ControllerShape, RunningController } from './running-controller.ts';
import { until } from './until.ts';

export const NAMESPACE_LABEL = 'cm.massix.github.io/namespace';
export const PLURAL = configurations.plural;

const definitions = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};

export interface WorldShape extends Omit<SimulatedClusterOptions, 'clock'> {
  /** Default true. */
  readonly crd?: boolean;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A simulated cluster, somebody who administers it, and the controllers that run on it; one clock for all. */
export class World implements AsyncDisposable {
  readonly clock: SkippingClock;
  readonly cluster: SimulatedCluster;
  readonly #admin: HttpKubernetesClient;
  readonly #controllers: RunningController[] = [];
  readonly #signal = new AbortController().signal;

  private constructor(clock: SkippingClock, cluster: SimulatedCluster) {
    this.clock = clock;
    this.cluster = cluster;
    this.#admin = new HttpKubernetesClient({
      credentials: {
        server: new URL(cluster.url),
        identity: async () => ({ headers: {}, tls: {} }),
        reload: () => {},
      },
      userAgent: 'administrator',
      clock,
      random: Math.random,
    });
  }

  /** A cluster with the definition of configurations, and pods that are ready at once. */
  static async start({ crd = true, ...options }: WorldShape = {}): Promise<World> {
    const clock = new SkippingClock();
    const timing = { startMs: 0, readyMs: 0, stopMs: 0 };
    const workloads = { timing, events: false };
    const cluster = await startSimulatedCluster({ clock, workloads, ...options });
    const world = new World(clock, cluster);
    if (crd) await world.installCrd();
    return world;
  }

  async installCrd(): Promise<void> {
    await this.create(definitions, '', crdWithoutConversion(configurationCrd()));
    await until('the kind to be served', () => this.cluster.store.has(QUALIFIED));
  }

  /** Starts a controller on this cluster. */
  controller(shape: ControllerShape = {}): RunningController {
    const controller = new RunningController(this.cluster, this.clock, shape);
    this.#controllers.push(controller);
    return controller;
  }

  async namespace(name: string, optIn?: string): Promise<void> {
    const labels = optIn === undefined ? {} : { [NAMESPACE_LABEL]: optIn };
    await this.create(namespaces, '', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
  }

  /** Sets the label by which a namespace opts in or out. */
  async label(name: string, optIn: string | null): Promise<void> {
    await this.patch(namespaces, '', name, { metadata: { labels: { [NAMESPACE_LABEL]: optIn } } });
  }

  /** Makes a deployment and waits for its pods to be ready. */
  async deploy(
    namespace: string,
    name: string,
    replicas: number,
    { app = name, ...more }: Fields & { readonly app?: string } = {},
  ): Promise<void> {
    const labels = { app };
    await this.create(deployments, namespace, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'main', image: 'busybox' }] },
        },
        ...more,
      },
    });
    await until(`${replicas} ready pods of ${name}`, () =>
      this.isReady(namespace, name, replicas, app),
    );
  }

  isReady(namespace: string, name: string, replicas: number, app = name): boolean {
    const found = this.find(deployments, namespace, name);
    return (
      numberAt(found, 'spec', 'replicas') === replicas &&
      (numberAt(found, 'status', 'readyReplicas') || 0) === replicas &&
      this.pods(namespace, app).length === replicas
    );
  }

  /** Makes a configuration: killPod on `web` every 10 s, unless told otherwise. */
  configure(namespace: string, name: string, spec: Fields = {}): Promise<unknown> {
    return this.create(configurations, namespace, {
      apiVersion: 'cm.massix.github.io/v1',
      kind: 'ChaosMonkeyConfiguration',
      metadata: { name },
      spec: {
        enabled: true,
        scalingMode: 'killPod',
        deployment: { name: 'web' },
        minReplicas: 0,
        maxReplicas: 5,
        timeout: '10s',
        ...spec,
      },
    });
  }

  /** Changes the spec of a configuration and waits until a controller has taken notice. */
  async respec(namespace: string, name: string, spec: Fields): Promise<void> {
    const changed = await this.patch(configurations, namespace, name, { spec });
    const generation = at(changed, 'metadata', 'generation');
    await until(
      `generation ${generation} of ${namespace}/${name} to be observed`,
      () => at(this.status(namespace, name), 'observedGeneration') === generation,
      () => this.status(namespace, name),
    );
  }

  create(resource: ResourceAddress, namespace: string, body: unknown): Promise<unknown> {
    const path = resourcePath(resource, namespace);
    return this.#admin.call(
      { verb: 'create', resource: resource.plural, path, body },
      this.#signal,
    );
  }

  patch(resource: ResourceAddress, namespace: string, name: string, body: unknown) {
    const path = resourcePath(resource, namespace, name);
    return this.#admin.call({ verb: 'patch', resource: resource.plural, path, body }, this.#signal);
  }

  remove(resource: ResourceAddress, namespace: string, name: string): Promise<unknown> {
    const path = resourcePath(resource, namespace, name);
    return this.#admin.call({ verb: 'delete', resource: resource.plural, path }, this.#signal);
  }

  unconfigure(namespace: string, name: string): Promise<unknown> {
    return this.remove(configurations, namespace, name);
  }

  async scale(namespace: string, name: string, replicas: number): Promise<void> {
    await this.patch(deployments, namespace, name, { spec: { replicas } });
  }

  /** An object as it is stored; undefined when there is none. */
  find(resource: ResourceAddress, namespace: string, name: string): unknown {
    const { plural, group } = resource;
    return this.cluster.store
      .collection(group === '' ? plural : `${plural}.${group}`)
      .get(namespace, name);
  }

  /** Names of the pods whose label `app` is this, sorted. */
  pods(namespace: string, app: string): string[] {
    return [...this.cluster.store.collection('pods').list({ namespace })]
      .filter((pod) => textAt(pod, 'metadata', 'labels', 'app') === app)
      .map((pod) => textAt(pod, 'metadata', 'name'))
      .sort();
  }

  replicas(namespace: string, name: string): number {
    return numberAt(this.find(deployments, namespace, name), 'spec', 'replicas');
  }

  status(namespace: string, name: string): unknown {
    return at(this.find(configurations, namespace, name), 'status');
  }

  ticks(namespace: string, name: string): number {
    return numberAt(this.status(namespace, name), 'ticks') || 0;
  }

  /** `True Running`: status and reason of a condition. */
  condition(namespace: string, name: string, type: string): string {
    const found = listAt(this.status(namespace, name), 'conditions').find(
      (one) => at(one, 'type') === type,
    );
    return found === undefined ? '' : `${textAt(found, 'status')} ${textAt(found, 'reason')}`;
  }

  /** `Acted Acted`: result and reason of the last tick. */
  outcome(namespace: string, name: string): string {
    const found = at(this.status(namespace, name), 'lastOutcome');
    return `${textAt(found, 'result')} ${textAt(found, 'reason')}`.trim();
  }

  /** `reason: message` of the Events of a namespace. */
  events(namespace: string): string[] {
    return [...this.cluster.store.collection('events').list({ namespace })]
      .filter((event) => textAt(event, 'source', 'component') === 'chaos-monkey')
      .map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`);
  }

  /** Pods that the controllers have asked to be deleted, in order. */
  get deletes(): readonly string[] {
    return this.cluster.requests
      .recent({ verb: 'delete', resource: pods.plural })
      .map(({ name }) => name);
  }

  /** Waits until the configuration says so, with what it says when it does not. */
  async active(namespace: string, name: string, wanted = 'True Running'): Promise<void> {
    await until(
      `${namespace}/${name} to be ${wanted}`,
      () => this.condition(namespace, name, 'Active') === wanted,
      () => this.status(namespace, name),
    );
  }

  /** Lets `durationMs` pass and waits until the tick of this number has its outcome. */
  async tick(
    namespace: string,
    name: string,
    number: number,
    durationMs = 10_000,
  ): Promise<string> {
    await this.clock.skip(durationMs);
    return this.outcomeOf(namespace, name, number);
  }

  /** Waits for the outcome of a tick. */
  async outcomeOf(namespace: string, name: string, number: number): Promise<string> {
    await until(
      `the outcome of tick ${number} of ${namespace}/${name}`,
      () => numberAt(this.status(namespace, name), 'lastOutcome', 'tick') >= number,
      () => this.status(namespace, name),
    );
    return this.outcome(namespace, name);
  }

  /** Stops all controllers and shows that nothing of them is left, then ends the cluster. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const controller of this.#controllers) await controller.stop();
      await this.#admin[Symbol.asyncDispose]();
      await until('all connections to be closed', () => this.cluster.connections === 0);
    } finally {
      await this.cluster[Symbol.asyncDispose]();
    }
    if (this.clock.sleeping > 0) throw new Error(`${this.clock.sleeping} are still asleep`);
  }
}

const QUALIFIED = `${configurations.plural}.${configurations.group}`;
