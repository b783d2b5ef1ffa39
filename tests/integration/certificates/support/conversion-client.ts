import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';

export interface ConversionClientOptions {
  readonly port: number;
  /** Whom it trusts now, PEM. */
  readonly trusted: () => string;
  /** Default: that of the Service. */
  readonly servername?: string;
}

export const SERVER_NAME = 'chaos-monkey.chaosmonkey.svc';

/** What one review was answered with. */
export interface Conversion {
  readonly code: number;
  readonly body: string;
  /** Of the certificate that was shown. */
  readonly fingerprint: string;
}

/**
 * Posts reviews as the API server does: it connects anew when whom it trusts has changed, and verifies what it
 * is shown. @throws what went wrong with the connection
 */
export class ConversionClient implements Disposable {
  readonly #options: ConversionClientOptions;
  readonly #keepAlive: boolean;
  #agent: { readonly trusted: string; readonly agent: Agent } | undefined;

  /** @param keepAlive whether connections are used again */
  constructor(options: ConversionClientOptions, keepAlive: boolean) {
    this.#options = options;
    this.#keepAlive = keepAlive;
  }

  async convert(review: unknown): Promise<Conversion> {
    const { port, servername = SERVER_NAME } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Conversion>();
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, servername, method: 'POST', path: '/convertcrd' },
        agent: this.#currentAgent(),
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        const { socket, statusCode: code = 0 } = response;
        const fingerprint =
          socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : '';
        text(response).then((body) => resolve({ code, body, fingerprint }), reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(review));
    return promise;
  }

  [Symbol.dispose](): void {
    this.#agent?.agent.destroy();
  }

  #currentAgent(): Agent {
    const trusted = this.#options.trusted();
    if (this.#agent?.trusted !== trusted) {
      // Those in use end by themselves.
      this.#agent = { trusted, agent: this.#newAgent(trusted) };
    }
    return this.#agent.agent;
  }

  #newAgent(trusted: string): Agent {
    return new Agent({
      keepAlive: this.#keepAlive,
      maxSockets: 8,
      // A resumed session is not verified anew.
      maxCachedSessions: 0,
      ca: trusted,
      minVersion: 'TLSv1.2',
      timeout: 5_000,
    });
  }
}
