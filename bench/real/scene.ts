import { ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { installCrd, removeCrd } from '../../tests/cluster/support/crd.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import { kubeconfigPath } from '../../tests/cluster/support/real-cluster.ts';
import { listAt } from '../../tests/cluster/support/value.ts';
import { ControllerProcess } from '../program/controller-process.ts';
import { measureStart } from '../program/measure-start.ts';
import { followActive } from './active-conditions.ts';
import { difference, openWatches } from './open-watches.ts';
import { seed, unseed } from './seed.ts';

/** Opted-in namespaces with a configuration each, and a controller that has just started on them. */
export interface RealScene extends AsyncDisposable {
  readonly api: ApiClient;
  readonly kubeconfig: string;
  readonly program: ControllerProcess;
  readonly namespaces: readonly string[];
  /** From the start of the process until the gauges said that all are active, ms. */
  readonly activeAfterMs: number;
  /** From the start of the process until every status said `Active=True`, ms. */
  readonly writtenAfterMs: number;
  /** How many watches the controller has opened, by resource. */
  readonly watches: ReadonlyMap<string, number>;
}

export interface RealSceneOptions {
  /** The bundle. */
  readonly program: string;
  readonly namespaces: number;
  /** Whether what was made is left in the cluster. */
  readonly keep: boolean;
}

const START_TIMEOUT_MS = 120_000;

/** Fills the cluster of KUBECONFIG, which has to have no configurations of its own, and starts a controller on it. */
export async function openRealScene(
  { program: path, namespaces: count, keep }: RealSceneOptions,
  signal: AbortSignal,
): Promise<RealScene> {
  await using stack = new AsyncDisposableStack();
  const kubeconfig = kubeconfigPath();
  const api = stack.use(await ApiClient.open(kubeconfig));
  await unseed(api);
  const installed = await installCrd(api);
  if (installed && !keep) stack.defer(() => removeCrd(api));
  if (!keep) stack.defer(() => unseed(api));
  await assertUnused(api);
  const namespaces = await seed(api, count);
  // Open before and after, so that it is no part of the difference.
  using active = await followActive(api, count);
  const watchesBefore = await openWatches(api);
  const program = stack.use(
    await ControllerProcess.start({ program: path, kubeconfig, flags: ['--behavior', 'DenyAll'] }),
  );
  const activeAfterMs = await measureStart(
    program,
    { namespaces: count, timeoutMs: START_TIMEOUT_MS },
    signal,
  );
  const writtenAfterMs = (await active.reached) - program.startedAt;
  const watches = difference(watchesBefore, await openWatches(api));
  const held = stack.move();
  return {
    api,
    kubeconfig,
    program,
    namespaces,
    activeAfterMs,
    writtenAfterMs,
    watches,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** The bench's controller would disturb what others configured. */
async function assertUnused(api: ApiClient): Promise<void> {
  const list = await bodyOf(api.get(pathOf('chaosmonkeyconfigurations'), { limit: 1 }));
  if (listAt(list, 'items').length === 0) return;
  throw new Error(
    'this cluster has ChaosMonkeyConfigurations: expected one to bench on, with none',
  );
}
