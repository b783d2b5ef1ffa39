import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SimulatedContent } from './seed-simulated.ts';

const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url));

/** How long a cluster may take to be filled, ms. */
const PATIENCE_MS = 180_000;

/** A filled simulated cluster in its own process. */
export interface SimulatedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly kubeconfig: string;
}

/** Starts one and resolves when everything is in it. */
export async function startSimulated(
  content: SimulatedContent,
  signal: AbortSignal,
): Promise<SimulatedProcess> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-bench-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const kubeconfig = join(directory, 'kubeconfig');
  const child = fork(SERVE, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  stack.defer(() => end(child));
  child.send({ kubeconfig, content });
  await ready(child, signal);
  if (child.pid === undefined) throw new Error('the simulated cluster has no process id');
  const held = stack.move();
  return { pid: child.pid, kubeconfig, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

async function ready(child: ChildProcess, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const limits = [signal, waiting.signal, AbortSignal.timeout(PATIENCE_MS)];
  const either = { signal: AbortSignal.any(limits) };
  try {
    await Promise.race([
      once(child, 'message', either),
      once(child, 'exit', either).then(([code]) => {
        throw new Error(`the simulated cluster ended with ${code}`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  await ended;
}
