import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The chart under test. */
export const CHART = fileURLToPath(new URL('../../../charts/chaos-monkey', import.meta.url));

export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the machine's `helm` and resolves with what it said, whatever its exit code.
 * @param values given as a file of values (JSON is YAML), where there are any
 */
export async function runHelm(
  kubeconfigPath: string,
  args: readonly string[],
  values?: object,
): Promise<HelmResult> {
  const given = values === undefined ? [] : ['--values', '-'];
  const child = spawn('helm', ['--kubeconfig', kubeconfigPath, ...args, ...given], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 180_000,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('helm cannot be run', { cause })));
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stdin.on('error', () => {}).end(values === undefined ? '' : JSON.stringify(values));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** What helm printed. @throws Error with what it complained about */
export async function helm(
  kubeconfigPath: string,
  args: readonly string[],
  values?: object,
): Promise<string> {
  const { code, stdout, stderr } = await runHelm(kubeconfigPath, args, values);
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: exit code ${code}: ${stderr}${stdout}`);
  return stdout;
}
