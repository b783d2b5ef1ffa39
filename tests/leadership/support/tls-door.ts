import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import {
  issueCertificate,
  makeAuthority,
} from '../../../src/controller/certificates/make-certificates.ts';

const NAME = 'localhost';
const LIFE_MS = 86_400_000;

/** TLS in front of a simulated cluster: over plain HTTP a program says no token, so nobody knows who it is. */
export class TlsDoor implements AsyncDisposable {
  readonly #authority: string;
  readonly #port: number;
  readonly #close: () => Promise<void>;

  private constructor(authority: string, port: number, close: () => Promise<void>) {
    this.#authority = authority;
    this.#port = port;
    this.#close = close;
  }

  /** @param port of the cluster on 127.0.0.1 */
  static async open(port: number): Promise<TlsDoor> {
    const now = Date.now();
    const span = { fromMs: now - LIFE_MS, untilMs: now + LIFE_MS };
    const authority = await makeAuthority('simulated', span);
    const subject = { commonName: NAME, usages: ['server'], dnsNames: [NAME] } as const;
    const { certificate: cert, key } = await issueCertificate(authority, subject, span);
    const sockets = new Set<Socket>();
    const server = createServer({ cert, key, noDelay: true }, (outside) => {
      const inside = connect({ port, host: '127.0.0.1', noDelay: true });
      for (const socket of [outside, inside]) {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      }
      passOn(outside, inside);
      passOn(inside, outside);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : 0;
    return new TlsDoor(authority.certificate, own, async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  /** A kubeconfig for who has this token. */
  kubeconfig(token: string): string {
    const cluster = {
      server: `https://127.0.0.1:${this.#port}`,
      'tls-server-name': NAME,
      'certificate-authority-data': Buffer.from(this.#authority).toString('base64'),
    };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: NAME, cluster }],
      users: [{ name: NAME, user: { token } }],
      contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
      'current-context': NAME,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** What comes from one goes to the other, and both end together. */
function passOn(from: Socket, to: Socket): void {
  from.on('error', () => to.destroy());
  from.once('close', () => to.destroy());
  from.pipe(to);
}
