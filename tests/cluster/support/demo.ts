import { readFile } from 'node:fs/promises';
import { bodyOf } from './api-client.ts';
import type { ClusterFixture } from './cluster-fixture.ts';
import { pathOf } from './paths.ts';
import { at, conditionOf, conditionReasonOf, listAt, nameOf, numberAt, textAt } from './value.ts';
import { waitFor } from './wait-for.ts';
import { waitUntil } from './wait-until.ts';

const MANIFEST = new URL('../manifests/demo.yaml', import.meta.url);

/** The namespace that the demo of chaos-monkey 3 disturbs. */
export const TARGET = 'target';

/** Between two disturbances, in the demo as the cases reset it. */
export const TIMEOUT_MS = 2_000;

/** What has a probability to happen at each tick is waited for this long. */
const CHANGE_WITHIN_MS = 25 * TIMEOUT_MS;

/** What is not to happen is waited for this long. */
const QUIET_FOR_MS = 3 * TIMEOUT_MS;

/** One of the three deployments of the demo, with its configuration of the like name. */
export type DemoApp = 'nginx-disrupt-scale' | 'nginx-disrupt-pods' | 'nginx-antihpa';

/** The demo of chaos-monkey 3 and what its test script asks and does. */
export class Demo {
  readonly #cluster: ClusterFixture;

  constructor(cluster: ClusterFixture) {
    this.#cluster = cluster;
  }

  /** Applies the manifests. */
  async apply(): Promise<void> {
    const image = process.env.TEST_IMAGE ?? 'busybox';
    const manifest = (await readFile(MANIFEST, 'utf8')).replaceAll('TEST_IMAGE', image);
    await this.kubectl(['apply', '-f', '-'], manifest);
  }

  /** Waits until metrics-server knows enough pods of the deployment that antiPressure has a choice. */
  async measured(app: DemoApp, count: number): Promise<void> {
    const query = { labelSelector: `app=${app}` };
    const read = () => bodyOf(this.#cluster.client.get(pathOf('podmetrics', TARGET), query));
    const known = (list: unknown) => listAt(list, 'items').length >= count;
    await waitUntil(`${count} measured pods of ${app}`, read, known, { everyMs: 500 });
  }

  /** What kubectl printed. @throws Error where it fails */
  async kubectl(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.#cluster.kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Names of the objects that `kubectl get` finds. */
  async names(kind: string, namespace: string): Promise<readonly string[]> {
    const output = await this.kubectl(['get', kind, '-n', namespace, '-o', 'name']);
    return output.split('\n').filter((line) => line !== '');
  }

  /** Replaces fields of the spec of a configuration by JSON patch. */
  async patch(app: DemoApp, fields: Readonly<Record<string, unknown>>): Promise<void> {
    const operations = Object.entries(fields).map(([field, value]) => ({
      op: 'replace',
      path: `/spec/${field}`,
      value,
    }));
    const patch = ['patch', 'cmc', `chaosmonkey-${app}`, '-n', TARGET, '--type', 'json', '-p'];
    await this.kubectl([...patch, JSON.stringify(operations)]);
  }

  /** Disables a configuration and waits until that is known. */
  async disable(app: DemoApp): Promise<void> {
    await this.patch(app, { enabled: false });
    const name = `chaosmonkey-${app}`;
    const path = pathOf('chaosmonkeyconfigurations', TARGET);
    await waitFor(this.#cluster.client, path, `${name} to be disabled`, (all) =>
      all.some((one) => nameOf(one) === name && conditionReasonOf(one, 'Active') === 'Disabled'),
    );
  }

  /** Waits until no configuration of the namespace is acted upon. */
  async untilOptedOut(): Promise<void> {
    const path = pathOf('chaosmonkeyconfigurations', TARGET);
    await waitFor(this.#cluster.client, path, 'the namespace to be left alone', (all) =>
      all.every((one) => conditionOf(one, 'Active') === 'False'),
    );
  }

  async scale(app: DemoApp, replicas: number): Promise<void> {
    await this.kubectl(['scale', 'deployment', app, '-n', TARGET, '--replicas', String(replicas)]);
  }

  async replicas(app: DemoApp): Promise<number> {
    const path = pathOf('deployments', TARGET, app);
    return numberAt(await bodyOf(this.#cluster.client.get(path)), 'spec', 'replicas');
  }

  /** Names of the pods that are not about to go, sorted. */
  async pods(selector = ''): Promise<readonly string[]> {
    const query = { labelSelector: selector };
    const list = await bodyOf(this.#cluster.client.get(pathOf('pods', TARGET), query));
    return namesOfStaying(listAt(list, 'items'));
  }

  /** Waits until the deployment is scaled to another number of replicas than it has now. */
  async untilRescaled(app: DemoApp): Promise<void> {
    const before = await this.replicas(app);
    const path = pathOf('deployments', TARGET);
    const changed = (all: readonly unknown[]) =>
      all.some((one) => nameOf(one) === app && numberAt(one, 'spec', 'replicas') !== before);
    await waitFor(this.#cluster.client, path, `${app} to be scaled`, changed, {
      timeoutMs: CHANGE_WITHIN_MS,
    });
  }

  /** Waits until a pod of the deployment, as they are now, has gone. */
  async untilKilled(app: DemoApp): Promise<void> {
    const selector = `app=${app}`;
    const before = await this.pods(selector);
    const changed = (all: readonly unknown[]) => {
      const now = namesOfStaying(all);
      return before.some((name) => !now.includes(name));
    };
    await waitFor(this.#cluster.client, pathOf('pods', TARGET), `a kill in ${app}`, changed, {
      query: { labelSelector: selector },
      timeoutMs: CHANGE_WITHIN_MS,
    });
  }

  /** Waits until there are this many pods of the deployment, all ready and none about to go. */
  async untilReady(app: DemoApp, count: number): Promise<void> {
    const ready = (all: readonly unknown[]) =>
      all.length === count &&
      namesOfStaying(all).length === count &&
      all.every((pod) => conditionOf(pod, 'Ready') === 'True');
    await waitFor(this.#cluster.client, pathOf('pods', TARGET), `${count} pods of ${app}`, ready, {
      query: { labelSelector: `app=${app}` },
    });
  }

  /** Everything that happens to a collection of the namespace for some timeouts, as `MODIFIED name`. */
  async changes(
    collection: 'pods' | 'deployments',
    selector = '',
  ): Promise<readonly { readonly type: string; readonly object: unknown }[]> {
    const path = pathOf(collection, TARGET);
    const query = { labelSelector: selector };
    const list = await bodyOf(this.#cluster.client.get(path, query));
    const resourceVersion = textAt(list, 'metadata', 'resourceVersion');
    const timeoutSeconds = QUIET_FOR_MS / 1_000;
    using watch = await this.#cluster.client.watch(path, {
      ...query,
      resourceVersion,
      timeoutSeconds,
    });
    return await watch.toEnd();
  }
}

function namesOfStaying(pods: readonly unknown[]): readonly string[] {
  return pods
    .filter((pod) => at(pod, 'metadata', 'deletionTimestamp') === undefined)
    .map(nameOf)
    .sort();
}
