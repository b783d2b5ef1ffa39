import { randomBytes } from 'node:crypto';
import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { configuration, deployment } from '../../tests/cluster/support/objects.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import { listAt, nameOf, textAt } from '../../tests/cluster/support/value.ts';
import { concurrently } from '../support/concurrently.ts';

/** The namespace label by which namespaces opt in. */
export const OPT_IN_LABEL = 'cm.massix.github.io/namespace';

/** On all namespaces of a bench; those of a run that was cut off are found by it. */
const BENCH_LABEL = 'chaos-monkey.bench';

/** Requests at once: as many as keep a small API server busy. */
export const LANES = 12;

/**
 * Makes opted-in namespaces, each with a deployment of no replicas and a killPod configuration for it that
 * will not act while the bench lasts. Their names are new in each run, so that the end of an earlier one
 * is not waited for.
 * @returns their names
 */
export async function seed(api: ApiClient, count: number): Promise<readonly string[]> {
  const run = randomBytes(3).toString('hex');
  const names = Array.from({ length: count }, (_, index) => `bench-${run}-${index}`);
  await concurrently(LANES, names, async (name) => {
    const labels = { [OPT_IN_LABEL]: 'true', [BENCH_LABEL]: run };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    await bodyOf(api.post(pathOf('namespaces'), namespace));
    await bodyOf(api.post(pathOf('deployments', name), deployment('web')));
    await configure(api, name);
  });
  return names;
}

/** Puts a new configuration in the place of each, of which no controller knows anything. */
export async function reconfigure(api: ApiClient, namespaces: readonly string[]): Promise<void> {
  await concurrently(LANES, namespaces, async (name) => {
    await bodyOf(api.delete(pathOf('chaosmonkeyconfigurations', name, 'web')));
    await configure(api, name);
  });
}

async function configure(api: ApiClient, namespace: string): Promise<void> {
  const monkey = configuration('web', { timeout: '1h' });
  await bodyOf(api.post(pathOf('chaosmonkeyconfigurations', namespace), monkey));
}

/** Removes what benches made in this cluster, this run and earlier ones; resolves when the API server has been told. */
export async function unseed(api: ApiClient): Promise<void> {
  const answer = await bodyOf(api.get(pathOf('namespaces'), { labelSelector: BENCH_LABEL }));
  const namespaces = listAt(answer, 'items').filter(
    (one) => textAt(one, 'metadata', 'deletionTimestamp') === '',
  );
  await concurrently(LANES, namespaces, async (namespace) => {
    const name = nameOf(namespace);
    await bodyOf(api.delete(pathOf('chaosmonkeyconfigurations', name)));
    await bodyOf(api.delete(pathOf('deployments', name)));
    await bodyOf(api.delete(pathOf('namespaces', '', name)));
  });
}
