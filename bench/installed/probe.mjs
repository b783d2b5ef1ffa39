// Run inside the container, whose first process is the program: tells what only its own /proc knows.
import { readFileSync } from 'node:fs';

const CLOCK_TICKS = 100;
const ESTABLISHED = '01';

const read = (path) => readFileSync(path, 'utf8');
const stat = read('/proc/1/stat');
// The name in parentheses may hold spaces; utime, stime and starttime are the 12th, 13th and 20th field after it.
const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
const seconds = (index) => Number(fields[index]) / CLOCK_TICKS;
const upSeconds = Number(read('/proc/uptime').split(' ')[0]);
const mebibytes = (name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(read('/proc/1/status'))[1]) / 1024;
const apiPort = Number(process.env.KUBERNETES_SERVICE_PORT);
const sockets = ['/proc/1/net/tcp', '/proc/1/net/tcp6'].flatMap((path) =>
  read(path).trim().split('\n').slice(1),
);
const connections = sockets.filter((line) => {
  const [, , remote, state] = line.trim().split(/\s+/);
  return state === ESTABLISHED && Number.parseInt(remote.split(':')[1], 16) === apiPort;
});

console.log(
  JSON.stringify({
    startedAt: Date.now() - (upSeconds - seconds(19)) * 1_000,
    cpuSeconds: seconds(11) + seconds(12),
    residentMiB: mebibytes('VmRSS'),
    peakMiB: mebibytes('VmHWM'),
    connections: connections.length,
  }),
);
