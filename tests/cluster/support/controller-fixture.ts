import { bodyOf } from './api-client.ts';
import { type ClusterFixture, useCluster } from './cluster-fixture.ts';
import { ControllerProcess } from './controller-process.ts';
import { type ControllerStage, controllerStage } from './controller-stage.ts';
import {
  type ConfigurationShape,
  configuration,
  type DeploymentShape,
  deployment,
} from './objects.ts';
import { pathOf } from './paths.ts';
import { openRealCluster } from './real-cluster.ts';
import { conditionOf, nameOf, numberAt } from './value.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';

const LABEL = 'cm.massix.github.io/namespace';

/**
 * The built controller on a real cluster. It works with the rights of its manifest and only in namespaces
 * that opt in, so that nothing else on the cluster is disturbed.
 */
export class ControllerFixture {
  readonly cluster: ClusterFixture;
  readonly #running = new Set<ControllerProcess>();
  #stage: ControllerStage | undefined;

  constructor(cluster: ClusterFixture) {
    this.cluster = cluster;
  }

  /** A folder for what a test writes. */
  get folder(): string {
    return this.#opened.folder;
  }

  get #opened(): ControllerStage {
    if (this.#stage === undefined) throw new Error('there is a controller only in its tests');
    return this.#stage;
  }

  /** Starts a controller, which is killed after the test unless it was ended before. */
  async start(args: readonly string[] = [], kubeconfig?: string): Promise<ControllerProcess> {
    const stage = this.#opened;
    const own = ['--behavior', 'DenyAll', '--namespace', 'chaos-monkey-under-test'];
    const reach = ['--kubeconfig', kubeconfig ?? stage.kubeconfig];
    const controller = await ControllerProcess.start([...reach, ...own, ...args], stage.program);
    this.#running.add(controller);
    return controller;
  }

  /** A namespace that opted in. */
  namespace(): Promise<string> {
    return this.cluster.namespace({ [LABEL]: 'true' });
  }

  async label(namespace: string, value: string): Promise<void> {
    const body = { metadata: { labels: { [LABEL]: value } } };
    await bodyOf(this.cluster.client.patch(pathOf('namespaces', '', namespace), 'merge', body));
  }

  /** Creates a deployment and waits until its pods are ready; its own pods, oldest first. */
  async deploy(namespace: string, name: string, shape: DeploymentShape = {}) {
    const path = pathOf('deployments', namespace);
    await bodyOf(this.cluster.client.post(path, deployment(name, shape)));
    return this.readyPods(namespace, name, shape.replicas ?? 0);
  }

  /** Waits until the deployment has this many pods, all of them ready. */
  async readyPods(namespace: string, name: string, count: number): Promise<readonly unknown[]> {
    const mine = (pods: readonly unknown[]) =>
      pods.filter((pod) => nameOf(pod).startsWith(`${name}-`));
    const reached = (pods: readonly unknown[]) =>
      mine(pods).length === count &&
      mine(pods).every((pod) => conditionOf(pod, 'Ready') === 'True');
    const path = pathOf('pods', namespace);
    return mine(
      await waitFor(this.cluster.client, path, `${count} ready pods of ${name}`, reached),
    );
  }

  async configure(
    namespace: string,
    name: string,
    shape: ConfigurationShape = {},
  ): Promise<unknown> {
    const path = pathOf('chaosmonkeyconfigurations', namespace);
    return bodyOf(this.cluster.client.post(path, configuration(name, shape)));
  }

  /** Changes the spec of a configuration. */
  async reconfigure(namespace: string, name: string, spec: object): Promise<unknown> {
    const path = pathOf('chaosmonkeyconfigurations', namespace, name);
    return bodyOf(this.cluster.client.patch(path, 'merge', { spec }));
  }

  async unconfigure(namespace: string, name: string): Promise<void> {
    const path = pathOf('chaosmonkeyconfigurations', namespace, name);
    await bodyOf(this.cluster.client.delete(path));
  }

  monkey(namespace: string, name: string): Promise<unknown> {
    return bodyOf(this.cluster.client.get(pathOf('chaosmonkeyconfigurations', namespace, name)));
  }

  /** Waits until the configuration is as wanted. */
  untilMonkey(
    namespace: string,
    name: string,
    what: string,
    reached: (monkey: unknown) => boolean,
    options: WaitOptions = {},
  ): Promise<unknown> {
    return this.#untilOne(
      pathOf('chaosmonkeyconfigurations', namespace),
      name,
      what,
      reached,
      options,
    );
  }

  /** Waits until the deployment is as wanted. */
  untilDeployment(
    namespace: string,
    name: string,
    what: string,
    reached: (found: unknown) => boolean,
  ): Promise<unknown> {
    return this.#untilOne(pathOf('deployments', namespace), name, what, reached);
  }

  /** Waits for further ticks, counted from now. */
  async moreTicks(namespace: string, name: string, count: number): Promise<unknown> {
    const before = ticksOf(await this.monkey(namespace, name));
    const reached = (monkey: unknown) => ticksOf(monkey) >= before + count;
    return this.untilMonkey(namespace, name, `${count} more ticks`, reached);
  }

  async open(): Promise<void> {
    this.#stage = await controllerStage();
  }

  /** Ends what still runs; its log is told when the test has failed. */
  async endAll(failed: boolean): Promise<void> {
    for (const controller of this.#running) {
      this.#running.delete(controller);
      await controller.end('SIGKILL');
      if (failed) console.error(controller.log);
    }
  }

  async #untilOne(
    path: string,
    name: string,
    what: string,
    reached: (found: unknown) => boolean,
    options: WaitOptions = {},
  ): Promise<unknown> {
    const query = { fieldSelector: `metadata.name=${name}` };
    const all = (found: readonly unknown[]) => found.length === 1 && found.every(reached);
    const [found] = await waitFor(this.cluster.client, path, what, all, { query, ...options });
    return found;
  }
}

export function ticksOf(monkey: unknown): number {
  return numberAt(monkey, 'status', 'ticks') || 0;
}

/** The built controller and a cluster for it, in the suite this is called in. */
export function useController(): ControllerFixture {
  const cluster = useCluster(async () => {
    await controllerStage();
    return { ...(await openRealCluster()), lasting: true };
  });
  const fixture = new ControllerFixture(cluster);
  before(async function () {
    this.timeout(120_000);
    await fixture.open();
  });
  afterEach(async function () {
    this.timeout(60_000);
    await fixture.endAll(this.currentTest?.state === 'failed');
  });
  return fixture;
}
