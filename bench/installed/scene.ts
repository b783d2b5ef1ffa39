import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { ClusterFixture } from '../../tests/cluster/support/cluster-fixture.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import { kubeconfigPath } from '../../tests/cluster/support/real-cluster.ts';
import { Release } from '../../tests/cluster/support/release.ts';
import { removeRelease } from '../../tests/cluster/support/remove-release.ts';
import { nameOf } from '../../tests/cluster/support/value.ts';
import { waitFor } from '../../tests/cluster/support/wait-for.ts';
import { seed, unseed } from '../real/seed.ts';
import { PodProgram } from './pod-program.ts';

/** Opted-in namespaces with a configuration each, and a release of the chart that has no pods yet. */
export interface InstalledScene extends AsyncDisposable {
  readonly api: ApiClient;
  readonly namespaces: readonly string[];
  /** Starts the only pod with this CPU limit, or with none; resolves when it has been created. */
  start(cpuLimit: string | undefined): Promise<PodProgram>;
  /** Ends the pod; resolves when it has gone. */
  stop(): Promise<void>;
}

export interface InstalledSceneOptions {
  readonly namespaces: number;
  /** Whether what was made is left in the cluster. */
  readonly keep: boolean;
}

/** Installs the chart, with the image that the tests use, on the cluster of KUBECONFIG, which has to be without it. */
export async function openInstalledScene({
  namespaces: count,
  keep,
}: InstalledSceneOptions): Promise<InstalledScene> {
  await using stack = new AsyncDisposableStack();
  const cluster = new ClusterFixture();
  await cluster.open({ kubeconfigPath: kubeconfigPath(), bare: true });
  const api = stack.use(cluster.client);
  await unseed(api);
  const release = new Release(cluster, { values: { replicas: 0, behavior: 'DenyAll' } });
  if (!keep) stack.defer(() => removeRelease(release));
  await release.install();
  const configurations = pathOf('chaosmonkeyconfigurations');
  await waitFor(api, configurations, 'configurations to be served', () => true);
  if (!keep) stack.defer(() => unseed(api));
  const namespaces = await seed(api, count);
  const pods = pathOf('pods', release.namespace);
  const scale = async (replicas: number) => {
    const path = pathOf('deployments', release.namespace, release.fullName, 'scale');
    await bodyOf(api.patch(path, 'merge', { spec: { replicas } }));
    return waitFor(api, pods, `${replicas} pods`, (found) => found.length === replicas);
  };
  const held = stack.move();
  return {
    api,
    namespaces,
    start: async (cpu) => {
      const requests = { cpu: '50m', memory: '128Mi' };
      await release.upgrade({ resources: { requests, limits: { memory: '512Mi', cpu } } });
      const [pod] = await scale(1);
      return new PodProgram(release, nameOf(pod));
    },
    stop: async () => void (await scale(0)),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
