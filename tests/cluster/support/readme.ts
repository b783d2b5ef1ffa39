import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The commands of a section of the README, one line each, in their order. */
export async function commandsOf(heading: string): Promise<readonly string[]> {
  const readme = await readFile(`${ROOT}/README.md`, 'utf8');
  const start = readme.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`README.md has no section "${heading}"`);
  const [section = ''] = readme.slice(start + heading.length + 2).split(/^#{2,3} /m);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Has a shell run a command in the project's folder. @throws Error with what it said where it fails */
export async function runCommand(command: string, kubeconfigPath: string): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfigPath };
  const options = { cwd: ROOT, env, timeout: 150_000 };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], options);
  return stdout;
}
