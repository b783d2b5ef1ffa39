import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Pods as the machine sees them on which their nodes run: it needs to be this one, and to be root. */

const run = promisify(execFile);

/** What a pod's sandbox runs, which is none of its containers. */
const PAUSE = ['/bin/sleep', '/pause'];

/** Kills all processes of the pod's containers without mercy. @throws Error when there is none */
export async function killProcesses(podUid: string): Promise<void> {
  const { containers } = await processes(podUid);
  for (const pid of containers) process.kill(pid, 'SIGKILL');
}

/**
 * Lets no packet through between the pod and an address until the result is disposed of; nobody is told, as
 * when a cable is pulled.
 */
export function cutOff(podUid: string, address: string): Promise<AsyncDisposable> {
  return withRules(podUid, [
    `chain out { type filter hook output priority 0; ip daddr ${address} drop; }`,
    `chain in { type filter hook input priority 0; ip saddr ${address} drop; }`,
  ]);
}

/** Lets nobody connect to a port of the pod, nor go on with what is connected, until the result is disposed of. */
export function closePort(podUid: string, port: number): Promise<AsyncDisposable> {
  const rule = `tcp dport ${port} reject with tcp reset`;
  return withRules(podUid, [`chain in { type filter hook input priority 0; ${rule}; }`]);
}

async function withRules(podUid: string, chains: readonly string[]): Promise<AsyncDisposable> {
  const { sandbox } = await processes(podUid);
  const enter = ['-t', String(sandbox), '-n', 'nft'];
  const table = ['inet', 'chaos-monkey-test'];
  await run('nsenter', [...enter, `table ${table.join(' ')} { ${chains.join('; ')}; }`]);
  return {
    async [Symbol.asyncDispose]() {
      await run('nsenter', [...enter, 'delete', 'table', ...table]);
    },
  };
}

interface PodProcesses {
  /** Holds the pod's network as long as there is a pod. */
  readonly sandbox: number;
  readonly containers: readonly number[];
}

async function processes(podUid: string): Promise<PodProcesses> {
  const containers: number[] = [];
  let sandbox: number | undefined;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [groups = '', command = ''] = await Promise.all(
      ['cgroup', 'cmdline'].map((file) => readProcess(entry, file)),
    );
    if (!groups.includes(podUid)) continue;
    if (PAUSE.includes(command.split('\0')[0] ?? '')) sandbox = Number(entry);
    else containers.push(Number(entry));
  }
  if (sandbox === undefined || containers.length === 0)
    throw new Error(`the pod ${podUid} does not run on this machine`);
  return { sandbox, containers };
}

/** Empty for a process that has ended. */
function readProcess(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
