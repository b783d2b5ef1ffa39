import type { AddressInfo } from 'node:net';
import { aborted } from '../runtime/abort.ts';
import { ChaosError } from '../runtime/errors.ts';
import { buildHttpApp, type HttpAppOptions } from './http-app.ts';

export interface ServerOptions extends HttpAppOptions {
  /** `--metrics-address`: `0.0.0.0`, `127.0.0.1`, `::`. */
  readonly address: string;
  /** `--metrics-port`; 0 is any free one. */
  readonly port: number;
  /** Told once, when connections are taken, of the port they are taken on. */
  readonly onListening?: (port: number) => void;
}

/**
 * Serves the HTTP endpoints until `signal` aborts; then closes the port and every connection at once.
 * @throws ChaosError ERR_SERVER_LISTEN naming address, port and settings when it cannot listen
 */
export async function serveEndpoints(options: ServerOptions, signal: AbortSignal): Promise<void> {
  const { address, port, logger, onListening } = options;
  if (signal.aborted) return;
  const app = buildHttpApp(options);
  try {
    await app.listen({ host: address, port }).catch((error: unknown) => {
      throw listenError(address, port, error);
    });
    const bound = boundPort(app.server.address(), port);
    logger.info({ address, port: bound }, 'listening');
    onListening?.(bound);
    await aborted(signal);
  } finally {
    await app.close();
  }
}

function boundPort(address: AddressInfo | string | null, port: number): number {
  return typeof address === 'object' && address !== null ? address.port : port;
}

function listenError(address: string, port: number, cause: unknown): ChaosError {
  const host = address.includes(':') ? `[${address}]` : address;
  const settings = 'set by --metrics-address and --metrics-port';
  return new ChaosError('ERR_SERVER_LISTEN', `cannot listen on ${host}:${port} (${settings})`, {
    cause,
  });
}
