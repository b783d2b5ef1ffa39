import type { Server as HttpServer } from 'node:http';
import { type SecureContextOptions, Server as TlsServer } from 'node:tls';
import type { CertificateSource, KeyPair } from './certificate-source.ts';

/** TLS 1.2 and later, with this certificate. */
export function secureContext({ certificate, key }: KeyPair): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' };
}

/**
 * Gives each certificate to the server as it comes, until `signal` aborts. Connections that there are stay as
 * they are, and those that come meanwhile get the one or the other.
 */
export async function followCertificate(
  server: HttpServer | TlsServer,
  certificates: CertificateSource,
  signal: AbortSignal,
): Promise<void> {
  for await (const pair of certificates.changes(signal)) {
    if (server instanceof TlsServer) server.setSecureContext(secureContext(pair));
  }
}
