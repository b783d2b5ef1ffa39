import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { programNamespaces } from '../../../src/settings/namespaces.ts';

describe('programNamespaces', () => {
  let directory = '';
  let file = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-namespace-'));
    file = join(directory, 'namespace');
    await writeFile(file, 'from-pod\n');
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  const protectedNamespaces = ['@own', 'kube-system'];

  it('takes the setting before the service account', () => {
    const { own, protected: names } = programNamespaces(
      { namespace: 'mine', protectedNamespaces },
      file,
    );
    expect(own).to.equal('mine');
    expect([...names]).to.deep.equal(['mine', 'kube-system']);
  });

  it('takes the service account inside a pod, chaosmonkey elsewhere', () => {
    const settings = { namespace: undefined, protectedNamespaces };
    expect(programNamespaces(settings, file).own).to.equal('from-pod');
    expect(programNamespaces(settings, join(directory, 'none')).own).to.equal('chaosmonkey');
  });

  it('protects nothing that is not listed', () => {
    const settings = { namespace: 'mine', protectedNamespaces: [] };
    expect(programNamespaces(settings, file).protected.size).to.equal(0);
  });
});
