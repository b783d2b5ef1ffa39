import { expect } from 'chai';
import { makeAuthority } from '../../../src/controller/certificates/make-certificates.ts';
import { secrets } from '../../../src/kubernetes/resources/secrets.ts';
import { at, textAt } from '../../cluster/support/value.ts';
import { until } from '../controller/support/until.ts';
import { NAMESPACE, type WebhookReplica } from './support/webhook-replica.ts';
import {
  AUTHORITY,
  DEFINITION,
  definitions,
  encode,
  SERVING,
  WebhookStage,
} from './support/webhook-stage.ts';

const RUBBISH = { 'tls.crt': encode('rubbish'), 'tls.key': encode('rubbish') };

describe('the leader looks after the certificates for conversion', () => {
  let stage: WebhookStage;
  let leader: WebhookReplica;

  beforeEach(async () => {
    stage = await WebhookStage.start();
    leader = stage.replica({ name: 'leader' });
    leader.lead();
    await stage.untilWhole();
    await leader.port;
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const patch = (name: string, body: unknown) => stage.world.patch(secrets, NAMESPACE, name, body);
  const trust = (caBundle: string | null) =>
    stage.world.patch(definitions, '', DEFINITION, {
      spec: { conversion: { webhook: { clientConfig: { caBundle } } } },
    });

  it('keeps them in two Secrets that go with the Deployment, and enters whom to trust', () => {
    for (const [name, type] of [
      [SERVING, 'kubernetes.io/tls'],
      [AUTHORITY, 'Opaque'],
    ] as const) {
      const secret = stage.secret(name);
      expect(at(secret, 'type')).to.equal(type);
      expect(at(secret, 'metadata', 'labels')).to.deep.equal({
        'app.kubernetes.io/managed-by': 'chaos-monkey',
      });
      expect(at(secret, 'metadata', 'ownerReferences')).to.deep.equal([stage.owner]);
    }
    expect(stage.text(AUTHORITY, 'tls.key')).to.match(/^-----BEGIN PRIVATE KEY-----/);
    expect(Object.keys(Object(at(stage.secret(SERVING), 'data')))).to.have.members([
      'tls.crt',
      'tls.key',
      'ca.crt',
    ]);
    expect(stage.conversion).to.deep.equal({
      strategy: 'Webhook',
      webhook: {
        conversionReviewVersions: ['v1'],
        clientConfig: {
          service: { namespace: NAMESPACE, name: 'chaos-monkey', port: 443, path: '/convertcrd' },
          caBundle: encode(stage.trusted),
        },
      },
    });
  });

  it('changes nothing while nothing is due', async () => {
    const before = [stage.secret(SERVING), stage.secret(AUTHORITY), stage.definition];
    await stage.world.clock.skip(30_000);
    expect([stage.secret(SERVING), stage.secret(AUTHORITY), stage.definition]).to.deep.equal(
      before,
    );
  });

  const isWell = () =>
    stage.isWhole &&
    textAt(stage.conversion, 'strategy') === 'Webhook' &&
    textAt(stage.conversion, 'webhook', 'clientConfig', 'service', 'name') === 'chaos-monkey';

  const mischiefs: readonly [what: string, told: RegExp, play: () => Promise<unknown>][] = [
    [
      'the Secret of the certificate deleted',
      /CertificateRepaired: .*webhook-tls was not there/,
      () => stage.world.remove(secrets, NAMESPACE, SERVING),
    ],
    [
      'the Secret of the certificate filled with rubbish',
      /CertificateRepaired: .*webhook-tls held no certificate/,
      () => patch(SERVING, { data: RUBBISH }),
    ],
    [
      'the certificate paired with another key',
      /CertificateRepaired: .*webhook-tls held no certificate with its key/,
      () => patch(SERVING, { data: { 'tls.key': encode(stage.text(AUTHORITY, 'tls.key')) } }),
    ],
    [
      'the Secret of the authority deleted',
      /CertificateRepaired: .*webhook-ca was not there/,
      () => stage.world.remove(secrets, NAMESPACE, AUTHORITY),
    ],
    [
      'the Secret of the authority emptied',
      /CertificateRepaired: .*webhook-ca held no authority/,
      () => patch(AUTHORITY, { data: { 'tls.crt': null, 'tls.key': null } }),
    ],
    [
      'the Secret of the authority filled with rubbish',
      /CertificateRepaired: .*webhook-ca held no authority/,
      () => patch(AUTHORITY, { data: RUBBISH }),
    ],
    [
      'the Secret of the authority replaced by one without any mark',
      /CertificateRepaired: .*webhook-ca held no authority/,
      () => patch(AUTHORITY, { metadata: { labels: null, ownerReferences: null }, data: RUBBISH }),
    ],
    ['the caBundle emptied', /ConversionRepaired: caBundle was empty/, () => trust(null)],
    [
      'the caBundle replaced by that of another authority',
      /ConversionRepaired: caBundle was something else/,
      async () => {
        const span = { fromMs: Date.now(), untilMs: Date.now() + 1_000_000 };
        await trust(encode((await makeAuthority('another', span)).certificate));
      },
    ],
    [
      'conversion switched off',
      /ConversionRepaired: .*strategy/,
      () =>
        stage.world.patch(definitions, '', DEFINITION, {
          spec: { conversion: { strategy: 'None', webhook: null } },
        }),
    ],
    [
      'another service entered',
      /ConversionRepaired: put back service/,
      () =>
        stage.world.patch(definitions, '', DEFINITION, {
          spec: { conversion: { webhook: { clientConfig: { service: { name: 'another' } } } } },
        }),
    ],
  ];

  for (const [what, told, play] of mischiefs) {
    it(`repairs within ten seconds, and says in an Event: ${what}`, async () => {
      await play();
      expect(isWell(), 'broken').to.equal(false);
      const tookMs = await stage.pass('the repair', isWell);
      expect(tookMs).to.be.below(10_000);
      await until(
        'an Event',
        () => stage.events.some((event) => told.test(event)),
        () => stage.events,
      );
      const owners = at(stage.secret(AUTHORITY), 'metadata', 'ownerReferences');
      expect(owners).to.deep.equal([stage.owner]);
      await stage.pass('nothing to be wrong', () => leader.facts.problems.length === 0);
    });
  }
});
