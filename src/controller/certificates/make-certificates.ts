import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { KeyPair } from '../../observability/certificate-source.ts';
import { BACKDATE_MS } from './read-certificate.ts';

/** From when on, and until when; ms since the epoch. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a certificate says of its bearer. */
export interface Subject {
  readonly commonName: string;
  /** What it may be used for: to be connected to, or to connect. */
  readonly usages: readonly ('server' | 'client')[];
  readonly dnsNames?: readonly string[];
  /** See `identityUri`. */
  readonly uris?: readonly string[];
}

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** RFC 5280, 4.1.2.2: at most 20 bytes, positive. */
const SERIAL_BYTES = 16;

/** RFC 5280, appendix A: ub-common-name. */
const LONGEST_COMMON_NAME = 64;

/** Makes a certificate authority with a key of its own, which signs itself. */
export async function makeAuthority(commonName: string, span: Span): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // No two authorities may have one name: whoever looks for a signer looks by name.
    name: name(`${commonName} ${serialNumber().slice(0, 8)}`),
    ...validity(span),
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pair(certificate, keys.privateKey);
}

/** Has `authority` sign a certificate for a key of its own. */
export async function issueCertificate(
  authority: KeyPair,
  subject: Subject,
  span: Span,
): Promise<KeyPair> {
  const { commonName, usages, dnsNames = [], uris = [] } = subject;
  const keys = await generateKeys();
  const issuer = new X509Certificate(authority.certificate);
  const names = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...uris.map((value) => ({ type: 'url' as const, value })),
  ];
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(
      usages.map((usage) => ExtendedKeyUsage[`${usage}Auth`]),
      false,
    ),
    new SubjectAlternativeNameExtension(names),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name(commonName),
    issuer: issuer.subjectName,
    ...validity(span),
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: SIGNATURE,
    extensions,
  });
  return pair(certificate, keys.privateKey);
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), KEY, false, ['sign']);
}

async function pair(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<KeyPair> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}

function validity({ fromMs, untilMs }: Span): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(fromMs - BACKDATE_MS), notAfter: new Date(untilMs) };
}

/** What a name cannot hold is left out: the alternative names count. */
function name(commonName: string) {
  return [{ CN: [commonName.slice(0, LONGEST_COMMON_NAME)] }];
}

function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(SERIAL_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
