import type { AddressInfo } from 'node:net';
import { aborted } from '../runtime/abort.ts';
import { ChildSet } from '../runtime/child-set.ts';
import { ChaosError } from '../runtime/errors.ts';
import type { CertificateSource } from './certificate-source.ts';
import { buildHttpApp, type HttpAppOptions } from './http-app.ts';
import { followCertificate, secureContext } from './secure-context.ts';

export interface ServerOptions extends Omit<HttpAppOptions, 'convert' | 'tls'> {
  /** Answers a ConversionReview (parsed JSON of any shape) with a ConversionReview. */
  readonly convert: (review: unknown) => unknown;
  /** `--metrics-address`: `0.0.0.0`, `127.0.0.1`, `::`. */
  readonly address: string;
  /** `--metrics-port`; 0 is any free one. */
  readonly port: number;
  /** Told once, when connections are taken, of the port they are taken on. */
  readonly onListening?: (port: number) => void;
  /** Whether the plain port converts too. Default: no. */
  readonly plainConversion?: boolean;
  /** The same over HTTPS, with conversion. Default: not at all. */
  readonly https?: HttpsOptions | undefined;
}

export interface HttpsOptions {
  /** `--webhook-address`. */
  readonly address: string;
  /** `--webhook-port`; 0 is any free one. */
  readonly port: number;
  /** Nothing is listened on before it has a certificate. */
  readonly certificates: CertificateSource;
  readonly onListening?: (port: number) => void;
}

interface Listener {
  /** What is logged when it listens. */
  readonly message: string;
  readonly address: string;
  readonly port: number;
  /** The settings it comes from. */
  readonly settings: string;
  readonly onListening: ((port: number) => void) | undefined;
}

/**
 * Serves the endpoints over HTTP, and where that is wanted over HTTPS, until `signal` aborts; then closes
 * the ports and every connection at once.
 * @throws ChaosError ERR_SERVER_LISTEN naming address, port and settings when it cannot listen
 */
export async function serveEndpoints(options: ServerOptions, signal: AbortSignal): Promise<void> {
  await using listeners = new ChildSet(signal);
  listeners.start('http', (childSignal) => servePlain(options, childSignal));
  const { https } = options;
  if (https !== undefined) {
    listeners.start('https', (childSignal) => serveSecure(options, https, childSignal));
  }
  await listeners.ended();
}

async function servePlain(options: ServerOptions, signal: AbortSignal): Promise<void> {
  const { address, port, onListening, plainConversion = false, convert } = options;
  const app = buildHttpApp({
    ...options,
    convert: plainConversion ? convert : conversionElsewhere(options),
  });
  const settings = '--metrics-address and --metrics-port';
  await serve({ message: 'listening', address, port, settings, onListening }, app, options, signal);
}

/** With the first certificate there is; each after it is for new connections, while those there are go on. */
async function serveSecure(
  options: ServerOptions,
  { address, port, certificates, onListening }: HttpsOptions,
  signal: AbortSignal,
): Promise<void> {
  for await (const first of certificates.changes(signal)) {
    const app = buildHttpApp({ ...options, tls: secureContext(first) });
    await using following = new ChildSet(signal);
    following.start('certificate', (childSignal) =>
      followCertificate(app.server, certificates, childSignal),
    );
    const settings = '--webhook-address and --webhook-port';
    await serve(
      { message: 'listening for HTTPS', address, port, settings, onListening },
      app,
      options,
      signal,
    );
    return;
  }
}

async function serve(
  { message, address, port, settings, onListening }: Listener,
  app: ReturnType<typeof buildHttpApp>,
  { logger }: ServerOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (signal.aborted) return;
    await app.listen({ host: address, port }).catch((error: unknown) => {
      throw listenError(address, port, settings, error);
    });
    const bound = boundPort(app.server.address(), port);
    logger.info({ address, port: bound }, message);
    onListening?.(bound);
    await aborted(signal);
  } finally {
    await app.close();
  }
}

/** What the plain port answers to the API server, and to whoever tries it by hand. */
function conversionElsewhere({ https }: ServerOptions): string {
  const where =
    https === undefined
      ? 'nor anywhere else: expected --webhook-service, so that it is done over HTTPS'
      : `expected it over HTTPS on port ${https.port}`;
  return `nothing is converted on this port, ${where}, or --plain-conversion`;
}

function boundPort(address: AddressInfo | string | null, port: number): number {
  return typeof address === 'object' && address !== null ? address.port : port;
}

function listenError(address: string, port: number, settings: string, cause: unknown): ChaosError {
  const host = address.includes(':') ? `[${address}]` : address;
  const message = `cannot listen on ${host}:${port} (set by ${settings})`;
  return new ChaosError('ERR_SERVER_LISTEN', message, { cause });
}
