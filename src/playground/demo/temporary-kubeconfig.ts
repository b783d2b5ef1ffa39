import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChaosError } from '../../runtime/errors.ts';

/** A kubeconfig on disk that goes with whoever made it. */
export interface TemporaryKubeconfig extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes a kubeconfig, readable by its owner only: to `path`, which must not be there yet, or to a new
 * folder of its own. It is removed on disposal.
 * @throws ChaosError ERR_SETTINGS_INVALID when `path` exists or cannot be written
 */
export async function writeTemporaryKubeconfig(
  text: string,
  path: string | undefined,
): Promise<TemporaryKubeconfig> {
  if (path === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-'));
    const file = join(folder, 'kubeconfig');
    await writeFile(file, text, { mode: 0o600 });
    return {
      path: file,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  }
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const message = `--kubeconfig: expected a path where nothing is yet and a file can be written, got ${JSON.stringify(path)}`;
    throw new ChaosError('ERR_SETTINGS_INVALID', message, { cause: error });
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}
