import type { Secret } from '../../kubernetes/resources/secrets.ts';
import type { KeyPair } from '../../observability/certificate-source.ts';
import type { Holdings } from './plan-rotation.ts';
import {
  isSignedBy,
  type ReadCertificate,
  readCertificates,
  readKeyPair,
} from './read-certificate.ts';
import type { SecretData } from './secret-store.ts';

/** An authority, with its key where that is still needed. */
export interface Authority extends ReadCertificate {
  readonly key?: string;
}

/** What the two Secrets hold that can be used. */
export interface Held extends Holdings<Authority> {
  readonly current: SigningAuthority | undefined;
  readonly next: SigningAuthority | undefined;
}

export interface SigningAuthority extends Authority {
  readonly key: string;
}

/** Keys of the Secret of the authority. */
const CURRENT = 'tls';
const NEXT = 'next';
const PREVIOUS = 'previous.crt';

/** Key of the serving Secret: whom to trust. */
const BUNDLE = 'ca.crt';

/**
 * Reads what can be used. Where the authority that signs is lost, those that the serving Secret trusts are
 * trusted on: what they have signed is in use.
 *
 * @param dnsNames for which the serving certificate has to be
 */
export function readHeld(
  authority: Secret | undefined,
  serving: Secret | undefined,
  dnsNames: readonly string[],
): Held {
  const current = readSigner(authority, CURRENT);
  const next = readSigner(authority, NEXT);
  const texts = [
    textOf(authority, `${NEXT}.crt`),
    textOf(authority, `${CURRENT}.crt`),
    textOf(authority, PREVIOUS),
    current === undefined ? textOf(serving, BUNDLE) : '',
  ];
  const previous = new Map(
    texts
      .flatMap(readCertificates)
      .filter(({ x509 }) => x509.ca)
      .map((one) => [one.fingerprint, one]),
  );
  for (const signer of [current, next]) if (signer) previous.delete(signer.fingerprint);
  const held = { current, next, previous: [...previous.values()] };
  return { ...held, leaf: readLeaf(serving, bundleOf(held), dnsNames) };
}

/** All authorities, the newest first: the order does not change when another of them signs. */
export function bundleOf({
  current,
  next,
  previous,
}: Pick<Held, 'current' | 'next' | 'previous'>): readonly Authority[] {
  return [current, next, ...previous]
    .filter((authority) => authority !== undefined)
    .sort((a, b) => b.createdMs - a.createdMs || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** Certificates as one PEM text. */
export function pemOf(authorities: readonly Authority[]): string {
  return authorities.map(({ pem }) => pem).join('');
}

/** What the Secret of the authority holds. */
export function authorityData({ current, next, previous }: Omit<Held, 'leaf'>): SecretData {
  return {
    [`${CURRENT}.crt`]: current?.pem ?? '',
    [`${CURRENT}.key`]: current?.key ?? '',
    [`${NEXT}.crt`]: next?.pem,
    [`${NEXT}.key`]: next?.key,
    [PREVIOUS]: previous.length === 0 ? undefined : pemOf(previous),
  };
}

/** What the serving Secret holds. @param leaf undefined: as it is */
export function servingData(leaf: KeyPair | undefined, bundle: readonly Authority[]): SecretData {
  return {
    ...(leaf && { [`${CURRENT}.crt`]: leaf.certificate, [`${CURRENT}.key`]: leaf.key }),
    [BUNDLE]: pemOf(bundle),
  };
}

/** Whether it holds all that, and none of what should not be there. */
export function holds(secret: Secret, data: SecretData): boolean {
  return Object.entries(data).every(([key, value]) => secret.data.get(key) === value);
}

/** The pair that a serving Secret holds; undefined: none that can be used. */
export function readServing(secret: Secret): (KeyPair & { read: ReadCertificate }) | undefined {
  const certificate = textOf(secret, `${CURRENT}.crt`);
  const key = textOf(secret, `${CURRENT}.key`);
  const read = readKeyPair(certificate, key);
  return read && { certificate, key, read };
}

export function asSigner({ certificate, key }: KeyPair): SigningAuthority | undefined {
  const read = readKeyPair(certificate, key);
  return read?.x509.ca ? { ...read, key } : undefined;
}

function readSigner(secret: Secret | undefined, key: string): SigningAuthority | undefined {
  return asSigner({ certificate: textOf(secret, `${key}.crt`), key: textOf(secret, `${key}.key`) });
}

function readLeaf(
  serving: Secret | undefined,
  trusted: readonly Authority[],
  dnsNames: readonly string[],
): Held['leaf'] {
  const read = serving && readServing(serving)?.read;
  if (read === undefined) return undefined;
  const { fingerprint, createdMs, expiresMs, x509 } = read;
  const issuer = trusted.find((authority) => isSignedBy(read, authority))?.fingerprint;
  const fits = dnsNames.every((name) => x509.checkHost(name) !== undefined);
  return { fingerprint, createdMs, expiresMs, issuer, fits };
}

function textOf(secret: Secret | undefined, key: string): string {
  return secret?.data.get(key) ?? '';
}
