import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { type LoadResult, loadConversions } from '../support/conversion-load.ts';
import type { Release } from '../support/release.ts';
import { type CertificateHistory, followCertificates } from '../support/webhook-certificates.ts';

const PER_SECOND = 200;
const DURATION_MS = 180_000;

/** How much longer it takes a machine that has other things to do, and cannot keep up the rate, ms at most. */
const SLOW_MACHINE_MS = 180_000;

/** What came of reading v1alpha1 objects for three minutes. */
export interface Rotation {
  readonly load: LoadResult;
  readonly history: CertificateHistory;
  /** Conversions that the API server has counted meanwhile. */
  readonly conversions: Conversions;
}

interface Conversions {
  readonly succeeded: number;
  readonly failed: number;
}

/** Reads the objects at `paths` while certificates come and go, for three minutes or until `signal` aborts. */
export async function rotate(
  release: Release,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Rotation> {
  const before = await countConversions(release);
  const ending = new AbortController();
  const following = followCertificates(release, ending.signal);
  const { kubeconfigPath } = release.cluster;
  const load = await loadConversions({
    ...{ kubeconfigPath, paths, perSecond: PER_SECOND, durationMs: DURATION_MS, signal },
  }).finally(() => ending.abort());
  const history = await following;
  const after = await countConversions(release);
  return {
    load,
    history,
    conversions: {
      succeeded: after.succeeded - before.succeeded,
      failed: after.failed - before.failed,
    },
  };
}

export function describeRotation(release: () => Release, rotation: () => Promise<Rotation>): void {
  describe('certificates that live for a minute, authorities for two', () => {
    it('are renewed under 200 conversions a second for three minutes, of which none fails', async function () {
      this.timeout(DURATION_MS + SLOW_MACHINE_MS + 60_000);
      const { load, history, conversions } = await rotation();
      const pods = [...history.served].map(([pod, shown]) => `${pod} ${shown.length}`);
      console.info(
        `      ${load.requests} reads in ${(load.tookMs / 1_000).toFixed(1)} s (${Math.round((1_000 * load.requests) / load.tookMs)}/s), ` +
          `${load.failures.length} failures, slowest ${Math.round(load.slowestMs)} ms; ` +
          `${conversions.succeeded} conversions, ${conversions.failed} failed; ` +
          `${history.leaves.length - 1} rotations of the certificate, ` +
          `${history.authorities.length - 1} of the authority; ` +
          `${history.handshakes} handshakes, ${history.refused.length} refused; ` +
          `certificates shown: ${pods.join(', ')}`,
      );
      expect(load.failures.slice(0, 10)).to.deep.equal([]);
      expect(history.refused.slice(0, 10)).to.deep.equal([]);
      expect(conversions.failed).to.equal(0);
      expect(conversions.succeeded).to.be.at.least(load.requests);
      expect(load.requests).to.equal((PER_SECOND * DURATION_MS) / 1_000);
      expect(load.tookMs).to.be.below(DURATION_MS + SLOW_MACHINE_MS);
      expect(history.leaves.length - 1, 'rotations of the certificate').to.be.at.least(2);
      expect(history.authorities.length - 1, 'rotations of the authority').to.be.at.least(1);
      expect(history.served.size).to.equal(2);
      for (const shown of history.served.values())
        expect(shown.slice(-2), 'what each pod showed last').to.deep.equal(
          history.leaves.slice(-2),
        );
    });

    it('need no restart', async () => {
      expect(new Set(Object.values(await release().restartCounts()))).to.deep.equal(new Set([0]));
    });
  });
}

/** As the API server counts them, over all kinds; none but ours is converted in a cluster for tests. */
async function countConversions({ cluster }: Release): Promise<Conversions> {
  const scrape = String(await bodyOf(cluster.client.get('/metrics')));
  const sum = (result: string) =>
    [...scrape.matchAll(/^apiserver_conversion_webhook_request_total\{(.*)\} (\S+)$/gm)]
      .filter(([, labels]) => labels?.includes(`result="${result}"`))
      .reduce((total, [, , value]) => total + Number(value), 0);
  return { succeeded: sum('success'), failed: sum('failure') };
}
