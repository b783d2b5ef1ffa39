import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after } from 'mocha';
import { ClusterFixture } from './cluster-fixture.ts';
import { openRealCluster } from './real-cluster.ts';
import {
  createServiceAccount,
  removeServiceAccount,
  requestToken,
  writeKubeconfig,
} from './service-account.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What every suite of the controller needs: the kind, an account with the controller's rights, the built program. */
export interface ControllerStage {
  /** A folder for what tests write. */
  readonly folder: string;
  /** The bundle. */
  readonly program: string;
  /** Reaches the cluster with the account's rights. */
  readonly kubeconfig: string;
}

let opened: Promise<ControllerStage> | undefined;
const closing = new AsyncDisposableStack();

/** Made once for all suites of this process, and taken away after the last of them. */
export function controllerStage(): Promise<ControllerStage> {
  opened ??= open();
  return opened;
}

async function open(): Promise<ControllerStage> {
  const cluster = new ClusterFixture();
  closing.defer(() => cluster.close());
  await cluster.open(await openRealCluster());
  const folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-test-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  // A folder of its own, so that a build by somebody else meanwhile changes nothing here.
  const dist = join(folder, 'dist');
  await promisify(execFile)(process.execPath, ['scripts/build.ts', dist], { cwd: ROOT });
  closing.defer(() => removeServiceAccount(cluster));
  await createServiceAccount(cluster);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, cluster, { token: await requestToken(cluster) });
  return { folder, program: join(dist, 'chaos-monkey.js'), kubeconfig };
}

// Loaded before any suite is described, so this is of the root suite: it comes after all of them.
after(async function () {
  this.timeout(150_000);
  await closing.disposeAsync();
});
