import { createPrivateKey, X509Certificate } from 'node:crypto';

/** Certificates begin so long before they are made that clocks may differ by less, ms. */
export const BACKDATE_MS = 3_600_000;

/** A certificate that could be read. */
export interface ReadCertificate {
  readonly pem: string;
  /** SHA-256 of the whole. */
  readonly fingerprint: string;
  /** When it was made, ms since the epoch. */
  readonly createdMs: number;
  /** When it ends, ms since the epoch. */
  readonly expiresMs: number;
  readonly x509: X509Certificate;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, in their order; what cannot be read is left out. */
export function readCertificates(text: string): readonly ReadCertificate[] {
  return (text.match(CERTIFICATE) ?? []).flatMap((pem) => read(pem) ?? []);
}

/** The first certificate of a PEM text, if the key is its own; otherwise undefined. Never throws. */
export function readKeyPair(certificate: string, key: string): ReadCertificate | undefined {
  const [first] = readCertificates(certificate);
  try {
    return first?.x509.checkPrivateKey(createPrivateKey(key)) ? first : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `issuer` has signed `certificate`. */
export function isSignedBy({ x509 }: ReadCertificate, issuer: ReadCertificate): boolean {
  return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
}

function read(pem: string): ReadCertificate | undefined {
  try {
    const x509 = new X509Certificate(pem);
    return {
      pem: `${pem}\n`,
      fingerprint: x509.fingerprint256,
      createdMs: x509.validFromDate.getTime() + BACKDATE_MS,
      expiresMs: x509.validToDate.getTime(),
      x509,
    };
  } catch {
    return undefined;
  }
}
