import { type ClusterFixture, useCluster } from './cluster-fixture.ts';
import { openRealCluster } from './real-cluster.ts';
import { Release, type ReleaseOptions } from './release.ts';
import { untilNamespacesGone } from './scratch-namespaces.ts';

/** Releases of the chart on a real cluster that has nothing of the program before and after. */
export class ReleaseFixture {
  readonly cluster: ClusterFixture;
  readonly #releases: Release[] = [];

  constructor(cluster: ClusterFixture) {
    this.cluster = cluster;
  }

  /** A release that is not installed yet; it is removed after the suite, or by {@link clear}. */
  release(options: ReleaseOptions = {}): Release {
    const release = new Release(this.cluster, options);
    this.#releases.push(release);
    return release;
  }

  /** Removes all releases and waits until their namespaces have gone. */
  async clear(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release[Symbol.asyncDispose]();
    await untilNamespacesGone(this.cluster.client);
  }

  /** What the pods of all releases have logged last. */
  async tellLogs(): Promise<void> {
    for (const release of this.#releases) {
      for (const pod of await release.podNames().catch(() => [])) {
        const lines = (await release.logs(pod)).trimEnd().split('\n').slice(-80);
        console.error(`--- ${release.namespace}/${pod}\n${lines.join('\n')}`);
      }
    }
  }
}

/** A cluster for releases, in the suite this is called in. Their logs are told when a test fails. */
export function useReleases(): ReleaseFixture {
  const open = async () => ({ ...(await openRealCluster()), bare: true });
  const cluster = useCluster(open, () => fixture.clear());
  const fixture = new ReleaseFixture(cluster);
  afterEach(async function () {
    this.timeout(30_000);
    if (this.currentTest?.state === 'failed') await fixture.tellLogs();
  });
  return fixture;
}
