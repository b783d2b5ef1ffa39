import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { bodyOf } from './api-client.ts';
import { pathOf } from './paths.ts';
import type { Release } from './release.ts';
import { nameOf, textAt } from './value.ts';

const CRD = 'chaosmonkeyconfigurations.cm.massix.github.io';
const HTTPS_PORT = 9443;

/** How long a replica has to answer a handshake, ms. */
const HANDSHAKE_MS = 5_000;

export function servingSecret({ namespace, fullName }: Release): string {
  return pathOf('secrets', namespace, `${fullName}-webhook-tls`);
}

export function authoritySecret({ namespace, fullName }: Release): string {
  return pathOf('secrets', namespace, `${fullName}-webhook-ca`);
}

export const CRD_PATH = pathOf('customresourcedefinitions', '', CRD);

/** What the API server trusts, PEM; empty when it trusts nobody. */
export async function caBundle({ cluster }: Release): Promise<string> {
  const crd = await bodyOf(cluster.client.get(CRD_PATH));
  return decoded(textAt(crd, 'spec', 'conversion', 'webhook', 'clientConfig', 'caBundle'));
}

/** A value of a Secret as text; empty where there is none. */
export async function secretText({ cluster }: Release, path: string, key: string): Promise<string> {
  const { code, body } = await cluster.client.get(path);
  return code === 200 ? decoded(textAt(body, 'data', key)) : '';
}

/** What was seen of the certificates of a release over some time. */
export interface CertificateHistory {
  /** Fingerprints of the serving certificates in the Secret, oldest first. */
  readonly leaves: readonly string[];
  /** Fingerprints of the first authority in the Secret, oldest first. */
  readonly authorities: readonly string[];
  /** Fingerprints that each pod showed, oldest first. */
  readonly served: ReadonlyMap<string, readonly string[]>;
  readonly handshakes: number;
  /** Handshakes that whoever trusts the CRD's caBundle would have refused. */
  readonly refused: readonly string[];
}

/**
 * Looks every second, until `signal` aborts, at the certificates of a release and at what each pod shows to
 * a client that trusts what the API server trusts at that moment. Its pods' addresses have to be reachable
 * from here.
 */
export async function followCertificates(
  release: Release,
  signal: AbortSignal,
): Promise<CertificateHistory> {
  const leaves: string[] = [];
  const authorities: string[] = [];
  const served = new Map<string, string[]>();
  const refused: string[] = [];
  let handshakes = 0;
  while (!signal.aborted) {
    note(leaves, fingerprint(await secretText(release, servingSecret(release), 'tls.crt')));
    note(authorities, fingerprint(await secretText(release, authoritySecret(release), 'tls.crt')));
    const trusted = await caBundle(release);
    for (const pod of await release.pods()) {
      handshakes += 1;
      const shown = served.get(nameOf(pod)) ?? [];
      served.set(nameOf(pod), shown);
      try {
        note(shown, await shake(release, textAt(pod, 'status', 'podIP'), trusted));
      } catch (error) {
        refused.push(`${nameOf(pod)}: ${String(error)}`);
      }
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
  return { leaves, authorities, served, handshakes, refused };
}

/** The fingerprint of what is served at the address. @throws Error when `trusted` does not vouch for it */
export async function shake(
  { namespace, fullName }: Release,
  host: string,
  trusted: string,
): Promise<string> {
  const servername = `${fullName}.${namespace}.svc`;
  const socket = connect({
    host,
    port: HTTPS_PORT,
    servername,
    ca: trusted,
    minVersion: 'TLSv1.2',
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MS) });
    return socket.getPeerCertificate().fingerprint256;
  } finally {
    socket.destroy();
  }
}

/** Of the first certificate in a PEM text; empty where there is none. */
export function fingerprint(pem: string): string {
  return pem === '' ? '' : new X509Certificate(pem).fingerprint256;
}

function note(seen: string[], fingerprint: string): void {
  if (fingerprint !== '' && seen.at(-1) !== fingerprint) seen.push(fingerprint);
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
