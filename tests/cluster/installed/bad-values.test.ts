import { expect } from 'chai';
import type { Values } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';

/** Values, and where their error is to be found. */
const BAD: readonly (readonly [string, Values, RegExp])[] = [
  ['a number that is text', { replicas: 'two' }, /replicas/],
  ['a number that is negative', { replicas: -1 }, /replicas/],
  ['an unknown key', { replicaCount: 3 }, /replicaCount/],
  ['an unknown key within', { image: { tagg: 'x' } }, /image.*tagg/s],
  ['a behavior that there is not', { behavior: 'AllowSome' }, /behavior/],
  ['a log level that there is not', { logLevel: 'loud' }, /logLevel/],
  ['a list that is text', { watchNamespaces: 'web' }, /watchNamespaces/],
  ['a list with a number', { protectedNamespaces: [7] }, /protectedNamespaces[./]0/],
  ['a duration without a unit', { leaderElection: { leaseDuration: '15' } }, /leaseDuration/],
  ['a duration that is a number', { leaderElection: { retryPeriod: 2 } }, /retryPeriod/],
  ['a switch that is text', { conversion: { manageCRD: 'yes' } }, /conversion[./]manageCRD/],
  ['a life that is none', { conversion: { certificateLife: 'soon' } }, /certificateLife/],
  ['an environment entry that is text', { extraEnv: ['A=b'] }, /extraEnv[./]0/],
  [
    'two replicas that would both act',
    { replicas: 2, leaderElection: { enabled: false } },
    /leaderElection\.enabled/,
  ],
];

describe('values that cannot be', function () {
  this.timeout(30_000);
  const fixture = useReleases();

  for (const [what, values, path] of BAD) {
    it(`are refused with their path: ${what}`, async () => {
      const release = fixture.release({ namespace: 'chaos-values' });
      const { code, stderr } = await release.tryInstall(values, ['--dry-run=client']);
      expect(code, stderr).not.to.equal(0);
      expect(stderr).to.match(path);
    });
  }
});
