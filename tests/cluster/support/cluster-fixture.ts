import { after, afterEach, before } from 'mocha';
import { ApiClient, bodyOf } from './api-client.ts';
import { installCrd, removeCrd } from './crd.ts';
import { type KubectlResult, runKubectl } from './kubectl.ts';
import { pathOf } from './paths.ts';
import { SCRATCH, untilNamespacesGone } from './scratch-namespaces.ts';
import { nameOf } from './value.ts';

/** How to reach a cluster, and how to leave it. */
export interface OpenedCluster {
  readonly kubeconfigPath: string;
  /** Makes the cluster forget all changes so far, where somebody knows how. */
  readonly forgetHistory?: () => Promise<void>;
  /** Leaves it to the tests to install the kind. */
  readonly bare?: boolean;
  /** Others are tested on it after this: the last of them waits until all namespaces have gone. */
  readonly lasting?: boolean;
  readonly close?: () => Promise<void>;
}

/** A cluster for the tests of a suite: opened before, and left as it was after. */
export class ClusterFixture {
  #opened: OpenedCluster | undefined;
  #client: ApiClient | undefined;
  #installed = false;
  readonly #namespaces = new Set<string>();

  get client(): ApiClient {
    if (this.#client === undefined) throw new Error('the cluster is open only while its tests run');
    return this.#client;
  }

  get kubeconfigPath(): string {
    if (this.#opened === undefined) throw new Error('the cluster is open only while its tests run');
    return this.#opened.kubeconfigPath;
  }

  async forgetHistory(): Promise<void> {
    if (this.#opened?.forgetHistory === undefined) throw new Error('nobody knows how');
    await this.#opened.forgetHistory();
  }

  /** A new namespace, removed after the test. */
  async namespace(labels: Readonly<Record<string, string>> = {}): Promise<string> {
    const metadata = { generateName: 'chaos-test-', labels: { [SCRATCH]: 'true', ...labels } };
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata };
    const name = nameOf(await bodyOf(this.client.post(pathOf('namespaces'), body)));
    this.#namespaces.add(name);
    return name;
  }

  kubectl(
    args: readonly string[],
    input = '',
    env: Readonly<Record<string, string>> = {},
  ): Promise<KubectlResult> {
    return runKubectl(this.kubeconfigPath, args, input, env);
  }

  async open(opened: OpenedCluster): Promise<void> {
    this.#opened = opened;
    this.#client = await ApiClient.open(opened.kubeconfigPath);
    this.#installed = opened.bare !== true && (await installCrd(this.#client));
  }

  /** Begins to remove the namespaces of the test. */
  async tidy(): Promise<void> {
    for (const name of this.#namespaces) {
      this.#namespaces.delete(name);
      const { code } = await this.client.delete(pathOf('namespaces', '', name));
      if (code >= 400 && code !== 404) throw new Error(`namespace ${name} is not removed: ${code}`);
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#client === undefined) return;
      using client = this.#client;
      if (this.#opened?.lasting === true) return;
      await untilNamespacesGone(client);
      if (this.#installed) await removeCrd(client);
    } finally {
      await this.#opened?.close?.();
    }
  }
}

/**
 * Opens a cluster for the suite this is called in.
 * @param leave what else is to be taken away before the end
 */
export function useCluster(
  open: () => Promise<OpenedCluster>,
  leave: () => Promise<void> = () => Promise.resolve(),
): ClusterFixture {
  const fixture = new ClusterFixture();
  before(async function () {
    this.timeout(60_000);
    await fixture.open(await open());
  });
  afterEach(async function () {
    this.timeout(30_000);
    await fixture.tidy();
  });
  after(async function () {
    this.timeout(150_000);
    await leave();
    await fixture.close();
  });
  return fixture;
}
