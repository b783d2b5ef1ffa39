import { expect } from 'chai';
import { environmentName, flagName, nearest } from '../../../src/settings/names.ts';

describe('names of settings', () => {
  it('make a flag and an environment name of a key', () => {
    expect(flagName('protectedNamespaces')).to.equal('protected-namespaces');
    expect(environmentName('protectedNamespaces', {})).to.equal('CHAOSMONKEY_PROTECTED_NAMESPACES');
    expect(environmentName('logLevel', { environment: 'CHAOSMONKEY_LOGLEVEL' })).to.equal(
      'CHAOSMONKEY_LOGLEVEL',
    );
  });

  const cases: readonly [string, string | undefined][] = [
    ['metrics-prot', 'metrics-port'],
    ['metrics-por', 'metrics-port'],
    ['sed', 'seed'],
    ['behaviour', 'behavior'],
    ['', undefined],
    ['something-else-entirely', undefined],
  ];
  for (const [name, meant] of cases) {
    it(`${JSON.stringify(name)} is nearest to ${meant}`, () => {
      expect(nearest(name, ['behavior', 'metrics-port', 'seed'])).to.equal(meant);
    });
  }
});
