import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the machine's `kubectl` and resolves with what it said, whatever its exit code. */
export async function runKubectl(
  kubeconfigPath: string,
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<KubectlResult> {
  const child = spawn('kubectl', ['--kubeconfig', kubeconfigPath, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('kubectl cannot be run', { cause })));
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stdin.on('error', () => {}).end(input);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
