import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How long a command that does not end by itself is read, ms. */
const PATIENCE_MS = 20_000;

/** The lines of a command such as `get --watch` as they come; it is killed when no more are taken. */
export async function* kubectlLines(
  kubeconfigPath: string,
  args: readonly string[],
): AsyncGenerator<string> {
  const child = spawn('kubectl', ['--kubeconfig', kubeconfigPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
  });
  const closed = once(child, 'close');
  try {
    yield* createInterface(child.stdout);
  } finally {
    child.kill();
    await closed;
  }
}
