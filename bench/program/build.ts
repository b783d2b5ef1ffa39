import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The program as an image runs it, built for a bench and removed with it. */
export interface BuiltProgram extends AsyncDisposable {
  /** The bundle. */
  readonly path: string;
}

/** Builds the program into a folder of its own, so that a build by somebody else meanwhile changes nothing here. */
export async function buildProgram(): Promise<BuiltProgram> {
  const directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-build-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, ['scripts/build.ts', directory], { cwd: ROOT });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path: join(directory, 'chaos-monkey.js'), [Symbol.asyncDispose]: remove };
}
