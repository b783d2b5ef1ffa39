import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { identityUri, serviceNames } from '../../../../src/controller/certificates/identity.ts';
import {
  issueCertificate,
  makeAuthority,
} from '../../../../src/controller/certificates/make-certificates.ts';
import {
  isSignedBy,
  type ReadCertificate,
  readCertificates,
  readKeyPair,
} from '../../../../src/controller/certificates/read-certificate.ts';
import type { KeyPair } from '../../../../src/observability/certificate-source.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const SPAN = { fromMs: NOW, untilMs: NOW + 24 * HOUR };

/** Object identifiers of RFC 5280, 4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

function read({ certificate, key }: KeyPair): ReadCertificate {
  const found = readKeyPair(certificate, key);
  if (found === undefined) throw new Error('no certificate with its key');
  return found;
}

describe('certificates', () => {
  let authority: KeyPair;
  before(async () => {
    authority = await makeAuthority('chaos-monkey webhook', SPAN);
  });

  it('begin an hour before they are made, so that clocks may differ', () => {
    const { x509, createdMs, expiresMs } = read(authority);
    expect(x509.validFromDate.getTime()).to.equal(NOW - HOUR);
    expect([createdMs, expiresMs]).to.deep.equal([NOW, NOW + 24 * HOUR]);
  });

  it('have keys on P-256', () => {
    const { publicKey } = read(authority).x509;
    expect(publicKey.asymmetricKeyType).to.equal('ec');
    expect(publicKey.asymmetricKeyDetails?.namedCurve).to.equal('prime256v1');
  });

  it('of authorities are told apart by their names', async () => {
    const { x509 } = read(authority);
    const other = read(await makeAuthority('chaos-monkey webhook', SPAN)).x509;
    expect(x509.ca).to.equal(true);
    expect(x509.subject).to.match(/^CN=chaos-monkey webhook [0-9a-f]{8}$/);
    expect(other.subject).not.to.equal(x509.subject);
    expect(other.serialNumber).not.to.equal(x509.serialNumber);
  });

  it('of a server are for its names, and signed by their authority only', async () => {
    const dnsNames = serviceNames('chaos-monkey', 'chaosmonkey');
    const subject = { commonName: 'chaos-monkey', usages: ['server'], dnsNames } as const;
    const leaf = read(await issueCertificate(authority, subject, SPAN));
    expect(leaf.x509.ca).to.equal(false);
    expect(leaf.x509.subjectAltName).to.equal(
      'DNS:chaos-monkey, DNS:chaos-monkey.chaosmonkey, DNS:chaos-monkey.chaosmonkey.svc, ' +
        'DNS:chaos-monkey.chaosmonkey.svc.cluster.local',
    );
    expect(leaf.x509.keyUsage).to.deep.equal([SERVER_AUTH]);
    expect(isSignedBy(leaf, read(authority))).to.equal(true);
    const other = read(await makeAuthority('another', SPAN));
    expect(isSignedBy(leaf, other)).to.equal(false);
  });

  it('of a client say who it is by a URI', async () => {
    const uris = [identityUri('chaosmonkey', 'agent')];
    const subject = { commonName: 'agent', usages: ['client', 'server'], uris } as const;
    const { x509 } = read(await issueCertificate(authority, subject, SPAN));
    expect(x509.subjectAltName).to.equal('URI:chaos-monkey://chaosmonkey/agent');
    expect(x509.keyUsage).to.deep.equal([CLIENT_AUTH, SERVER_AUTH]);
  });

  it('for a name that is too long for a common name are made all the same', async () => {
    const commonName = `${'a'.repeat(63)}.${'b'.repeat(63)}.svc`;
    const subject = { commonName, usages: ['server'], dnsNames: [commonName] } as const;
    const { x509 } = read(await issueCertificate(authority, subject, SPAN));
    expect(x509.checkHost(commonName)).to.equal(commonName);
  });

  describe('are read', () => {
    it('out of a text with other things, in their order', async () => {
      const other = await makeAuthority('another', SPAN);
      const odd = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      const text = `x${authority.certificate}y${odd}${other.key}${other.certificate}`;
      const names = readCertificates(text).map(({ x509 }) => x509.subject);
      expect(names).to.deep.equal([read(authority), read(other)].map(({ x509 }) => x509.subject));
      const [first] = readCertificates(text);
      expect(new X509Certificate(first?.pem ?? '').fingerprint256).to.equal(first?.fingerprint);
    });

    it('only with their own key', async () => {
      const other = await makeAuthority('another', SPAN);
      const { certificate, key } = authority;
      for (const [what, pair] of Object.entries({
        'the key of another': { certificate, key: other.key },
        'no key': { certificate, key: '' },
        rubbish: { certificate, key: 'rubbish' },
        'half a key': { certificate, key: key.slice(0, 80) },
        'no certificate': { certificate: '', key },
        'half a certificate': { certificate: certificate.slice(0, 200), key },
      })) {
        expect(readKeyPair(pair.certificate, pair.key), what).to.equal(undefined);
      }
    });
  });
});
