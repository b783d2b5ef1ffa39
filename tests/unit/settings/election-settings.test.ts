import { expect } from 'chai';
import { electionSettings, leaseTimes } from '../../../src/settings/election-settings.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import { parseFlags } from '../../../src/settings/parse-flags.ts';

async function settingsOf(...args: readonly string[]) {
  const flags = parseFlags(electionSettings, args);
  return (await loadSettings(electionSettings, flags, {})).settings;
}

describe('the times of a lease', () => {
  it('are those of Kubernetes by default', async () => {
    expect(leaseTimes(await settingsOf())).to.deep.equal({
      durationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 2_000,
    });
  });

  const refused: readonly [string, readonly string[], string][] = [
    [
      'a renew deadline as long as the lease',
      ['--lease-renew-deadline', '15s'],
      '--lease-renew-deadline: expected less than --lease-duration (15s), got 15s',
    ],
    [
      'a retry period that leaves no time for a second try',
      ['--lease-retry-period', '9s'],
      '--lease-retry-period: expected less, 1.2 times it being the longest pause, ' +
        'than --lease-renew-deadline (10s), got 10.8s',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuse ${what}`, async () => {
      const settings = await settingsOf(...args);
      expect(() => leaseTimes(settings)).to.throw(message);
    });
  }

  it('leave it to where the program runs whether there is an election', async () => {
    expect((await settingsOf()).leaderElection).to.equal(undefined);
    expect((await settingsOf('--no-leader-election')).leaderElection).to.equal(false);
  });
});
