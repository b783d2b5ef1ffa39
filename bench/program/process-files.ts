import { readdir, readFile, readlink } from 'node:fs/promises';

const KIB_PER_MIB = 1024;

/** What a process holds in memory, MiB. */
export interface ProcessMemory {
  /** Now. */
  readonly residentMiB: number;
  /** The most it ever was. */
  readonly peakMiB: number;
}

/** From /proc/PID/status: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export async function processMemory(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => {
    const [, kib] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kib === undefined) throw new Error(`no ${name} in /proc/${pid}/status`);
    return Number(kib) / KIB_PER_MIB;
  };
  return { residentMiB: field('VmRSS'), peakMiB: field('VmHWM') };
}

/** Seconds of CPU that a process has used, in all its threads. */
export async function processCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const CLOCK_TICKS = 100;

/** How many established TCP connections a process has to this port. */
export async function connectionsTo(pid: number, port: number): Promise<number> {
  const sockets = await socketInodes(pid);
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  const lines = tables.flatMap((table) => table.trim().split('\n').slice(1));
  return lines.filter((line) => {
    const [, , remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const remotePort = Number.parseInt(remote.slice(remote.lastIndexOf(':') + 1), 16);
    return state === ESTABLISHED && remotePort === port && sockets.has(inode);
  }).length;
}

/** TCP_ESTABLISHED in the kernel's include/net/tcp_states.h. */
const ESTABLISHED = '01';

async function socketInodes(pid: number): Promise<ReadonlySet<string>> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    // One may be closed between the two calls.
    descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}
