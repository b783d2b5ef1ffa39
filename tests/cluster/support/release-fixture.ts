import { type ClusterFixture, useCluster } from './cluster-fixture.ts';
import { openRealCluster } from './real-cluster.ts';
import { Release, type ReleaseOptions } from './release.ts';
import { createNamespace, removeNamespace, untilNamespacesGone } from './scratch-namespaces.ts';

/** Releases of the chart on a real cluster that has nothing of the program before and after. */
export class ReleaseFixture {
  readonly cluster: ClusterFixture;
  readonly #releases: Release[] = [];
  readonly #namespaces = new Set<string>();

  constructor(cluster: ClusterFixture) {
    this.cluster = cluster;
  }

  /** A release that is not installed yet; it is removed after the suite, or by {@link clear}. */
  release(options: ReleaseOptions = {}): Release {
    const release = new Release(this.cluster, options);
    this.#releases.push(release);
    return release;
  }

  /** A namespace of this name, which is removed with the releases. */
  async namespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#namespaces.add(name);
    await createNamespace(this.cluster.client, name, labels);
  }

  /** Removes all releases and waits until their namespaces, and all others, have gone. */
  async clear(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release[Symbol.asyncDispose]();
    for (const name of this.#namespaces) await removeNamespace(this.cluster.client, name);
    this.#namespaces.clear();
    await untilNamespacesGone(this.cluster.client);
  }

  /** What the pods of all releases have logged last. */
  async tellLogs(): Promise<void> {
    for (const release of this.#releases) {
      for (const pod of await release.podNames().catch(() => [])) {
        const lines = (await release.logs(pod)).trimEnd().split('\n').slice(-80);
        const readiness = await release.ask(pod, '/readyz').catch(String);
        const answer = typeof readiness === 'string' ? readiness : JSON.stringify(readiness.body);
        console.error(`--- ${release.namespace}/${pod}: ${answer}\n${lines.join('\n')}`);
      }
    }
  }
}

/**
 * A cluster for releases, in the suite this is called in. Their logs are told when a test fails, and how long
 * all of it took.
 */
export function useReleases(): ReleaseFixture {
  let beganMs = 0;
  const open = async () => {
    beganMs = performance.now();
    return { ...(await openRealCluster()), bare: true };
  };
  const cluster = useCluster(open, () => fixture.clear());
  const fixture = new ReleaseFixture(cluster);
  after(() => {
    console.info(`    all of it took ${Math.round((performance.now() - beganMs) / 1_000)} s`);
  });
  afterEach(async function () {
    this.timeout(30_000);
    if (this.currentTest?.state === 'failed') await fixture.tellLogs();
  });
  return fixture;
}
