import { ChaosError } from '../runtime/errors.ts';
import { formatGoDuration } from '../runtime/go-duration.ts';
import { duration, optionalText, optionalToggle, text } from './kinds.ts';
import type { SettingsOf } from './setting.ts';

/** The longest jitter of a retry, as a factor of its period: that of Kubernetes' own leader election. */
const JITTER_FACTOR = 1.2;

/** Which of several replicas acts. */
export const electionSettings = {
  leaderElection: optionalToggle({
    description:
      'Whether replicas agree by a Lease on the one that acts; without, each program acts.',
    otherwise: 'true inside a pod, else false',
  }),
  leaseName: text(
    {
      description:
        "Name of the Lease, in the program's own namespace, and the beginning of its Secrets' names.",
      defaultText: 'chaos-monkey',
    },
    'NAME',
  ),
  leaseDuration: leaseTime(
    'How long a leader that is not heard of is waited for before another takes over.',
    '15s',
  ),
  leaseRenewDeadline: leaseTime(
    'How long a leader goes on without a renewal of its lease; shorter than the lease itself.',
    '10s',
  ),
  leaseRetryPeriod: leaseTime('How often the lease is renewed or looked at.', '2s'),
  deployment: optionalText(
    {
      description:
        "Deployment, in the program's own namespace, that owns the Lease and the Secrets: they go with it.",
      otherwise: 'they have no owner',
    },
    'NAME',
  ),
};

export interface LeaseTimes {
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

/** @throws ChaosError ERR_SETTINGS_INVALID when a leader could still act after its lease has run out */
export function leaseTimes(
  settings: Pick<
    SettingsOf<typeof electionSettings>,
    'leaseDuration' | 'leaseRenewDeadline' | 'leaseRetryPeriod'
  >,
): LeaseTimes {
  const { leaseDuration, leaseRenewDeadline, leaseRetryPeriod } = settings;
  shorter('lease-renew-deadline', leaseRenewDeadline, '--lease-duration', leaseDuration);
  const longestRetry = JITTER_FACTOR * leaseRetryPeriod;
  shorter(
    'lease-retry-period',
    longestRetry,
    '--lease-renew-deadline',
    leaseRenewDeadline,
    `, ${JITTER_FACTOR} times it being the longest pause,`,
  );
  return {
    durationMs: leaseDuration,
    renewDeadlineMs: leaseRenewDeadline,
    retryPeriodMs: leaseRetryPeriod,
  };
}

function leaseTime(description: string, defaultText: string) {
  return duration({ description, minimum: '100ms', defaultText });
}

function shorter(name: string, ms: number, than: string, limitMs: number, note = ''): void {
  if (ms < limitMs) return;
  const [limit, got] = [formatGoDuration(limitMs), formatGoDuration(ms)];
  const message = `--${name}: expected less${note} than ${than} (${limit}), got ${got}`;
  throw new ChaosError('ERR_SETTINGS_INVALID', message);
}
