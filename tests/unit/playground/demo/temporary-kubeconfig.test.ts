import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { writeTemporaryKubeconfig } from '../../../../src/playground/demo/temporary-kubeconfig.ts';
import { ChaosError } from '../../../../src/runtime/errors.ts';

describe('the kubeconfig of the demo', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has a folder of its own, and goes with it', async () => {
    const kubeconfig = await writeTemporaryKubeconfig('text', undefined);
    expect(await readFile(kubeconfig.path, 'utf8')).to.equal('text');
    expect((await stat(kubeconfig.path)).mode & 0o777).to.equal(0o600);
    await kubeconfig[Symbol.asyncDispose]();
    expect(existsSync(dirname(kubeconfig.path))).to.equal(false);
  });

  it('is written where it is asked for, and removed from there alone', async () => {
    const path = join(folder, 'config');
    const kubeconfig = await writeTemporaryKubeconfig('text', path);
    expect(kubeconfig.path).to.equal(path);
    await kubeconfig[Symbol.asyncDispose]();
    expect([existsSync(path), existsSync(folder)]).to.deep.equal([false, true]);
  });

  it('never takes the place of another file', async () => {
    const path = join(folder, 'config');
    await writeFile(path, 'precious');
    const error = await writeTemporaryKubeconfig('text', path).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ChaosError).with.property('code', 'ERR_SETTINGS_INVALID');
    expect(String(error))
      .to.contain('--kubeconfig: expected a path where nothing is yet')
      .and.contain(path);
    expect(await readFile(path, 'utf8')).to.equal('precious');
  });

  it('says so when there is no such folder', async () => {
    const error = await writeTemporaryKubeconfig('text', join(folder, 'no', 'config')).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ChaosError).with.property('code', 'ERR_SETTINGS_INVALID');
  });
});
