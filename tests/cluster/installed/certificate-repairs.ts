import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import { listAt, nameOf, textAt } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';
import {
  authoritySecret,
  CRD_PATH,
  caBundle,
  fingerprint,
  secretText,
  servingSecret,
  shake,
} from '../support/webhook-certificates.ts';
import { oldPath } from './old-version.ts';

/** How long anything may stay broken, ms. */
const REPAIRED_WITHIN_MS = 10_000;

interface Mischief {
  readonly what: string;
  /** What an Event about the repair has to name. */
  readonly named: RegExp;
  play(release: Release): Promise<unknown>;
}

const RUBBISH = Buffer.from('rubbish').toString('base64');

const MISCHIEFS: readonly Mischief[] = [
  {
    what: 'the Secret of the certificate deleted',
    named: /webhook-tls/,
    play: (release) => release.cluster.client.delete(servingSecret(release)),
  },
  {
    what: 'the Secret of the certificate filled with rubbish',
    named: /webhook-tls/,
    play: (release) => fill(release, servingSecret(release)),
  },
  {
    what: 'the Secret of the authority deleted',
    named: /webhook-ca/,
    play: (release) => release.cluster.client.delete(authoritySecret(release)),
  },
  {
    what: 'the Secret of the authority filled with rubbish',
    named: /webhook-ca/,
    play: (release) => fill(release, authoritySecret(release)),
  },
  {
    what: 'the caBundle emptied',
    named: /caBundle/,
    play: (release) => trust(release, ''),
  },
  {
    what: 'the caBundle replaced by that of another authority',
    named: /caBundle/,
    play: async (release) => {
      const path = pathOf('configmaps', release.namespace, 'kube-root-ca.crt');
      return trust(
        release,
        textAt(await bodyOf(release.cluster.client.get(path)), 'data', 'ca.crt'),
      );
    },
  },
];

export function describeRepairs(open: () => Release): void {
  describe('repairs within ten seconds, and says in an Event,', () => {
    for (const { what, named, play } of MISCHIEFS) {
      it(what, async () => {
        const release = open();
        await untilWhole(release);
        const told = new Set((await repairs(release, named)).map(identity));
        const begun = performance.now();
        await bodyOf(play(release).then((answer) => Object(answer)));
        await untilWhole(release);
        const tookMs = performance.now() - begun;
        console.info(`        repaired after ${(tookMs / 1_000).toFixed(1)} s`);
        expect(tookMs).to.be.below(REPAIRED_WITHIN_MS);
        const fresh = await waitUntil(
          'an Event about it',
          async () => (await repairs(release, named)).filter((one) => !told.has(identity(one))),
          (events) => events.length > 0,
          { timeoutMs: REPAIRED_WITHIN_MS },
        );
        console.info(`        ${textAt(fresh[0], 'reason')}: ${textAt(fresh[0], 'message')}`);
      });
    }

    it('and lets nobody see a private key', async () => {
      const release = open();
      const keys = await Promise.all(
        [servingSecret(release), authoritySecret(release)].map((path) =>
          secretText(release, path, 'tls.key'),
        ),
      );
      const secrets = keys
        .flatMap((key) => key.split('\n'))
        .filter((line) => /^[\w+/=]{30,}$/.test(line));
      expect(secrets.length).to.be.at.least(2);
      const rendered = await release.template();
      const installed = await release.helm(['get', 'manifest', release.name]);
      const events = JSON.stringify(await bodyOf(release.cluster.client.get(pathOf('events'))));
      const logs = await Promise.all((await release.podNames()).map((pod) => release.logs(pod)));
      expect(logs.join('').length).to.be.above(0);
      for (const text of [rendered, installed, events, ...logs]) {
        expect(/BEGIN[A-Z ]*PRIVATE KEY/.test(text)).to.equal(false);
        // The header in base64, at each of its three offsets.
        expect(/QkVHSU4g|JFR0lOI|CRUdJTi/.test(text)).to.equal(false);
        for (const line of secrets) expect(text.includes(line)).to.equal(false);
      }
    });
  });
}

function fill({ cluster }: Release, path: string) {
  return cluster.client.patch(path, 'merge', { data: { 'tls.crt': RUBBISH, 'tls.key': RUBBISH } });
}

function trust({ cluster }: Release, pem: string) {
  const clientConfig = { caBundle: Buffer.from(pem).toString('base64') };
  const body = { spec: { conversion: { webhook: { clientConfig } } } };
  return cluster.client.patch(CRD_PATH, 'merge', body);
}

/** Waits until both Secrets are there, each pod shows what is in them, and the API server trusts that. */
async function untilWhole(release: Release): Promise<void> {
  const read = async () => {
    const leaf = fingerprint(await secretText(release, servingSecret(release), 'tls.crt'));
    const authority = fingerprint(await secretText(release, authoritySecret(release), 'tls.crt'));
    if (leaf === '' || authority === '') throw new Error('a Secret is missing');
    const trusted = await caBundle(release);
    if (trusted === '') throw new Error('the caBundle is empty');
    for (const pod of await release.pods()) {
      const shown = await shake(release, textAt(pod, 'status', 'podIP'), trusted);
      if (shown !== leaf) throw new Error(`${nameOf(pod)} shows another certificate`);
    }
    const path = oldPath(release.namespace, 'read-0');
    return (await release.cluster.client.get(path)).code;
  };
  await waitUntil('everything to be whole', read, (code) => code === 200, {
    ...{ timeoutMs: 2 * REPAIRED_WITHIN_MS, everyMs: 100 },
  });
}

/** Warnings of the program that something was repaired, which name this. */
async function repairs({ cluster }: Release, named: RegExp): Promise<readonly unknown[]> {
  const { body } = await cluster.client.get(pathOf('events'));
  return listAt(body, 'items').filter(
    (event) =>
      textAt(event, 'source', 'component') === 'chaos-monkey' &&
      textAt(event, 'type') === 'Warning' &&
      textAt(event, 'reason').endsWith('Repaired') &&
      named.test(textAt(event, 'message')),
  );
}

/** An Event that is repeated is counted, and another than before. */
function identity(event: unknown): string {
  return JSON.stringify([nameOf(event), Object(event).count, Object(event).series]);
}
