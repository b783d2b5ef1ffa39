import { readExposition } from '../../fakes/read-exposition.ts';
import { type Answer, bodyOf } from './api-client.ts';
import type { ClusterFixture } from './cluster-fixture.ts';
import { Metrics } from './controller-process.ts';
import { CHART, type HelmResult, helm, runHelm } from './helm.ts';
import { pathOf } from './paths.ts';
import { removeRelease } from './remove-release.ts';
import { createNamespace } from './scratch-namespaces.ts';
import { at, conditionOf, listAt, nameOf, numberAt, textAt } from './value.ts';
import { waitFor } from './wait-for.ts';
import { waitUntil } from './wait-until.ts';

/** Values as in a values file. */
export type Values = Readonly<Record<string, unknown>>;

export interface ReleaseOptions {
  /** Default: `chaos-monkey`. */
  readonly name?: string;
  /** Default: `chaosmonkey`. */
  readonly namespace?: string;
  /** Besides the image. */
  readonly values?: Values;
  /** Of the namespace, before anything is installed in it. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The port of `/metrics`, `/health`, `/livez` and `/readyz` in each pod. */
const PORT = 9000;

/** A release of the chart on a cluster. Tests of a suite share one or make their own. */
export class Release implements AsyncDisposable {
  readonly cluster: ClusterFixture;
  readonly name: string;
  readonly namespace: string;
  /** Of the Deployment, the Service, the Lease, and the start of the names of the Secrets. */
  readonly fullName: string;
  #values: Values;
  readonly #labels: Readonly<Record<string, string>>;

  constructor(cluster: ClusterFixture, options: ReleaseOptions = {}) {
    this.cluster = cluster;
    this.name = options.name ?? 'chaos-monkey';
    this.namespace = options.namespace ?? 'chaosmonkey';
    this.#values = { image: { ...testedImage(), pullPolicy: 'IfNotPresent' }, ...options.values };
    const given = textAt(this.#values, 'fullnameOverride');
    const made = this.name.includes('chaos-monkey') ? this.name : `${this.name}-chaos-monkey`;
    this.fullName = given || made;
    this.#labels = options.labels ?? {};
  }

  /**
   * Installs the release as the README says, and waits until all of its pods are ready.
   * @param plain by `helm install`, which takes nothing over
   * @returns the seconds from the start of helm until then
   */
  async install({ plain = false } = {}): Promise<number> {
    await createNamespace(this.cluster.client, this.namespace, this.#labels);
    const start = performance.now();
    const verb = plain ? ['install'] : ['upgrade', '--install', '--take-ownership'];
    await this.helm([...verb, this.name, CHART], this.#values);
    await this.ready();
    return (performance.now() - start) / 1_000;
  }

  /** The same command again with other values, which replace those of the same top-level key. */
  async upgrade(values: Values, chart: string = CHART): Promise<void> {
    this.#values = { ...this.#values, ...values };
    const command = ['upgrade', '--install', '--take-ownership', this.name, chart];
    await this.helm(command, this.#values);
    await this.ready();
  }

  /** Default: to the revision before. */
  async rollback(revision?: number): Promise<void> {
    const to = revision === undefined ? [] : [String(revision)];
    await this.helm(['rollback', this.name, ...to]);
    await this.ready();
  }

  /** Resolves when the pods have gone too. */
  async uninstall(): Promise<void> {
    const labels = await this.#podLabels();
    await this.helm(['uninstall', this.name]);
    const none = (pods: readonly unknown[]) => pods.length === 0;
    await waitFor(this.cluster.client, pathOf('pods', this.namespace), 'the pods to go', none, {
      query: { labelSelector: labels },
    });
  }

  /** What would be installed, as YAML. */
  template(values: Values = {}): Promise<string> {
    return this.helm(['template', this.name, CHART], { ...this.#values, ...values });
  }

  /** Runs the release's own test, and resolves with what helm said. */
  test(): Promise<string> {
    return this.helm(['test', this.name, '--logs']);
  }

  /** Runs helm in the namespace of the release. @throws Error where it fails */
  helm(args: readonly string[], values?: Values): Promise<string> {
    const place = ['--namespace', this.namespace];
    return helm(this.cluster.kubeconfigPath, [...args, ...place], values);
  }

  /** Tries an installation that may well be refused. */
  tryInstall(values: Values = {}, args: readonly string[] = []): Promise<HelmResult> {
    const command = ['upgrade', '--install', this.name, CHART, '--namespace', this.namespace];
    return runHelm(this.cluster.kubeconfigPath, [...command, ...args], {
      ...this.#values,
      ...values,
    });
  }

  deployment(): Promise<unknown> {
    const path = pathOf('deployments', this.namespace, this.fullName);
    return bodyOf(this.cluster.client.get(path));
  }

  /** Waits until the Deployment is rolled out and every pod of it is ready. */
  async ready(timeoutMs = 120_000): Promise<void> {
    const path = pathOf('deployments', this.namespace);
    const query = { fieldSelector: `metadata.name=${this.fullName}` };
    const rolledOut = (found: readonly unknown[]) => found.length === 1 && found.every(isRolledOut);
    await waitFor(this.cluster.client, path, 'the release to be ready', rolledOut, {
      query,
      timeoutMs,
    });
  }

  /** The pods of the Deployment, but for those that are about to go. */
  async pods(): Promise<readonly unknown[]> {
    const query = { labelSelector: await this.#podLabels() };
    const path = pathOf('pods', this.namespace);
    const all = listAt(await bodyOf(this.cluster.client.get(path, query)), 'items');
    return all.filter((pod) => at(pod, 'metadata', 'deletionTimestamp') === undefined);
  }

  async podNames(): Promise<readonly string[]> {
    return (await this.pods()).map(nameOf).sort();
  }

  /** Restarts of the containers of each pod. */
  async restartCounts(): Promise<Readonly<Record<string, number>>> {
    const counts = (await this.pods()).map((pod) => {
      const containers = listAt(pod, 'status', 'containerStatuses');
      const sum = containers.reduce(
        (total: number, one) => total + numberAt(one, 'restartCount'),
        0,
      );
      return [nameOf(pod), sum] as const;
    });
    return Object.fromEntries(counts);
  }

  /** The name of the pod that leads; undefined while nobody does. */
  async leader(): Promise<string | undefined> {
    const answer = await this.cluster.client.get(pathOf('leases', this.namespace, this.fullName));
    const holder = textAt(answer.body, 'spec', 'holderIdentity');
    return (await this.podNames()).find((pod) => holder === pod || holder.startsWith(`${pod}_`));
  }

  /** Waits for a leader, other than `before` where that is given. */
  async untilLeader(before?: string, timeoutMs = 60_000): Promise<string> {
    const other = (leader: string | undefined) => leader !== undefined && leader !== before;
    const read = () => this.leader();
    const leader = await waitUntil('a leader', read, other, { timeoutMs, everyMs: 100 });
    return leader ?? '';
  }

  /** What a pod answers to GET, through the API server. */
  ask(pod: string, path: string): Promise<Answer> {
    return this.cluster.client.get(
      `${pathOf('pods', this.namespace, `${pod}:${PORT}`)}/proxy${path}`,
    );
  }

  /** What the Service answers to GET on its port 80, through the API server. */
  askService(path: string): Promise<Answer> {
    const service = pathOf('services', this.namespace, `${this.fullName}:80`);
    return this.cluster.client.get(`${service}/proxy${path}`);
  }

  async metrics(pod: string): Promise<Metrics> {
    return new Metrics(readExposition(String(await bodyOf(this.ask(pod, '/metrics')))));
  }

  health(pod: string): Promise<unknown> {
    return bodyOf(this.ask(pod, '/health'));
  }

  /** Waits until v1alpha1 is served, which needs the webhook and its certificate. */
  async untilConverting(timeoutMs = 60_000): Promise<void> {
    await waitUntil(
      'v1alpha1 to be served',
      () => this.conversion(),
      (said) => said === '',
      {
        timeoutMs,
      },
    );
  }

  /** Why v1alpha1 objects cannot be read; empty where they can. Needs an object, or nothing is converted. */
  async conversion(): Promise<string> {
    const path = '/apis/cm.massix.github.io/v1alpha1/chaosmonkeyconfigurations';
    const { code, body } = await this.cluster.client.get(path);
    return code === 200 ? '' : textAt(body, 'message') || String(body);
  }

  /** What a pod has logged, with what it logged before its last restart. */
  async logs(pod: string): Promise<string> {
    const path = pathOf('pods', this.namespace, pod, 'log');
    const before = await this.cluster.client.get(path, { previous: true });
    const now = await this.cluster.client.get(path);
    return [before, now]
      .filter(({ code }) => code === 200)
      .map(({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)))
      .join('');
  }

  /** Leaves nothing: release, kind, objects, namespace. */
  async [Symbol.asyncDispose](): Promise<void> {
    await removeRelease(this);
  }

  async #podLabels(): Promise<string> {
    const labels = Object(
      Object(Object(Object(await this.deployment()).spec).selector).matchLabels,
    );
    return Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(',');
  }
}

/** The image under test, which is on the nodes already. */
export function testedImage() {
  const image = process.env.PROGRAM_IMAGE ?? 'localhost/chaos-monkey:test';
  const colon = image.lastIndexOf(':');
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) };
}

function isRolledOut(deployment: unknown): boolean {
  const wanted = numberAt(deployment, 'spec', 'replicas');
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'];
  return (
    conditionOf(deployment, 'Available') === 'True' &&
    numberAt(deployment, 'status', 'observedGeneration') ===
      numberAt(deployment, 'metadata', 'generation') &&
    counts.every((count) => (numberAt(deployment, 'status', count) || 0) === wanted)
  );
}
