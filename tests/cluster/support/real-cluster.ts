import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApiClient } from './api-client.ts';
import type { OpenedCluster } from './cluster-fixture.ts';
import { textAt } from './value.ts';
import { waitUntil } from './wait-until.ts';

export type ControlPlanePart =
  | 'etcd'
  | 'apiserver'
  | 'controller-manager'
  | 'scheduler'
  | 'metrics-server'
  | `node${number}`;

/** The program and the folder that break and mend parts of the cluster under test. */
export interface ControlPlane {
  /** Kills a part without mercy. */
  fail(part: ControlPlanePart): Promise<void>;
  /** Starts a part again that was killed; resolves when the API server is ready. */
  restart(part: ControlPlanePart): Promise<void>;
  /** Makes etcd forget all older states, and the API server what it has cached of them. */
  forgetHistory(): Promise<void>;
  /** Where every request to the API server is written down, a JSON line each. */
  readonly auditLogPath: string;
}

/** The kubeconfig of the cluster under test. @throws Error without one: there is no cluster to guess */
export function kubeconfigPath(): string {
  const path = process.env.KUBECONFIG ?? '';
  if (path !== '') return path;
  throw new Error('KUBECONFIG is not set: expected the kubeconfig of a cluster for tests');
}

/** Undefined where the parts of the cluster cannot be broken: `CLUSTER_TOOL` and `CLUSTER_DIR` say how. */
export function controlPlane(): ControlPlane | undefined {
  const { CLUSTER_TOOL: tool = '', CLUSTER_DIR: dir = '' } = process.env;
  if (tool === '' || dir === '') return undefined;
  const run = async (command: 'fail' | 'restart', part: ControlPlanePart) => {
    await promisify(execFile)(tool, [command, dir, part], { timeout: 60_000 });
  };
  const fail = async (part: ControlPlanePart) => {
    await run('fail', part);
    if (part === 'apiserver') await untilRefused();
  };
  const restart = async (part: ControlPlanePart) => {
    await run('restart', part);
    await untilServed();
  };
  return {
    fail,
    restart,
    async forgetHistory() {
      await compact(await etcdAddress(dir));
      await fail('apiserver');
      await restart('apiserver');
    },
    auditLogPath: join(dir, 'audit.log'),
  };
}

export function openRealCluster(): Promise<OpenedCluster> {
  const tool = controlPlane();
  return Promise.resolve({
    kubeconfigPath: kubeconfigPath(),
    ...(tool !== undefined && { forgetHistory: () => tool.forgetHistory() }),
  });
}

/** A process that was killed may hold its port for a moment longer, and the next could not listen on it. */
async function untilRefused(): Promise<void> {
  using client = await ApiClient.open(kubeconfigPath());
  const read = () =>
    client.get('/livez').then(
      () => '',
      (error) => textAt(error, 'code'),
    );
  await waitUntil('the port of the API server to be free', read, (code) => code === 'ECONNREFUSED');
}

async function untilServed(): Promise<void> {
  using client = await ApiClient.open(kubeconfigPath());
  const read = () => client.request('GET', '/readyz', { timeoutMs: 2_000 });
  await waitUntil('the API server to be ready', read, ({ code }) => code === 200);
}

async function etcdAddress(dir: string): Promise<string> {
  const command = await readFile(join(dir, 'etcd.cmd'), 'utf8');
  const address = /--listen-client-urls=(\S+)/.exec(command)?.[1];
  if (address === undefined) throw new Error(`no --listen-client-urls in ${dir}/etcd.cmd`);
  return address.replaceAll('\\', '');
}

/** By etcd's JSON gateway. Keys are base64. */
async function compact(address: string): Promise<void> {
  const call = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${address}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const range = await call('/v3/kv/range', { key: 'AA==', count_only: true });
  const { revision } = Object(Object(range).header);
  await call('/v3/kv/compaction', { revision, physical: true });
}
