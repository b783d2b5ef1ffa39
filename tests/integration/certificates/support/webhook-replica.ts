import { createHash } from 'node:crypto';
import { ConversionWebhook } from '../../../../src/controller/certificates/conversion-webhook.ts';
import { readCertificates } from '../../../../src/controller/certificates/read-certificate.ts';
import { EventRecorder } from '../../../../src/kubernetes/event-recorder.ts';
import { HttpKubernetesClient } from '../../../../src/kubernetes/http-client.ts';
import type { OwnerReference } from '../../../../src/kubernetes/owner-reference.ts';
import { serveEndpoints } from '../../../../src/observability/server.ts';
import { ChildSet } from '../../../../src/runtime/child-set.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { createLogger } from '../../../../src/runtime/logger.ts';
import { Capture } from '../../../fakes/capture.ts';
import { until } from '../../controller/support/until.ts';
import type { World } from '../../controller/support/world.ts';

export interface ReplicaShape {
  readonly name: string;
  /** How far its wall clock is ahead, ms. Default 0. */
  readonly skewMs?: number;
  /** Default `chaos-monkey`. */
  readonly service?: string;
  readonly owner?: OwnerReference | undefined;
  /** Default `LIVES`. */
  readonly lives?: typeof LIVES;
}

/** Certificates of a minute, authorities of two. */
export const LIVES = { certificateMs: 60_000, authorityMs: 120_000 };
export const NAMESPACE = 'chaosmonkey';

/** A replica that serves conversions on loopback, and for a while is the leader. */
export class WebhookReplica implements AsyncDisposable {
  readonly log = new Capture();
  readonly #webhook: ConversionWebhook;
  readonly #client: HttpKubernetesClient;
  readonly #clock: Clock;
  readonly #roles = new ChildSet(new AbortController().signal);
  readonly #listening = Promise.withResolvers<number>();

  constructor({ cluster, clock: ours }: World, shape: ReplicaShape) {
    const { name, skewMs = 0, service = 'chaos-monkey', lives = LIVES, owner } = shape;
    const clock: Clock = {
      now: () => ours.now() + skewMs,
      monotonic: () => ours.monotonic(),
      sleep: (delayMs, signal) => ours.sleep(delayMs, signal),
    };
    const logger = createLogger({ output: this.log, level: 'debug', format: 'json' });
    cluster.access.addToken(name, { name, groups: [] });
    const common = { clock, random: Math.random };
    this.#clock = clock;
    this.#client = new HttpKubernetesClient({
      ...common,
      credentials: {
        server: new URL(cluster.url),
        identity: async () => ({ headers: { Authorization: `Bearer ${name}` }, tls: {} }),
        reload: () => {},
      },
      userAgent: name,
    });
    this.#webhook = new ConversionWebhook({
      ...common,
      client: this.#client,
      logger,
      namespace: NAMESPACE,
      prefix: 'chaos-monkey',
      service,
      lives,
      owner: () => owner,
    });
    this.#roles.start('webhook', (signal) => this.#webhook.run(signal));
    this.#roles.start('endpoints', (signal) =>
      serveEndpoints(
        {
          address: '127.0.0.1',
          port: 0,
          metrics: async function* () {},
          health: {
            health: () => ({
              totalWatchers: 0,
              leadership: { leading: false },
              api: { reached: true, sinceMs: 0 },
              ...this.#webhook.facts(),
            }),
          },
          facts: {
            rootNamespace: NAMESPACE,
            behavior: 'ALLOWALL',
            logLevel: 'debug',
            version: '0',
          },
          convert: (review) => ({ digest: digest(review) }),
          https: {
            address: '127.0.0.1',
            port: 0,
            certificates: this.#webhook.certificates,
            onListening: this.#listening.resolve,
          },
          logger,
        },
        signal,
      ),
    );
  }

  /** Of HTTPS, once it is listened on. */
  get port(): Promise<number> {
    return Promise.race([
      this.#listening.promise,
      this.#roles.ended().then(() => Promise.reject(new Error('it ended'))),
    ]);
  }

  /** What it has logged. */
  get messages(): readonly string[] {
    return this.log.lines.map((line) => JSON.parse(line).msg);
  }

  get facts() {
    return this.#webhook.facts();
  }

  /** Does from now on what the leader does, until it is told to stop. */
  lead(): void {
    const recorder = new EventRecorder({ client: this.#client, clock: this.#clock });
    this.#roles.start('events', (signal) => recorder.run(signal));
    const duties = this.#webhook.duties({ client: this.#client, recorder });
    for (const [name, run] of Object.entries(duties)) this.#roles.start(name, run);
  }

  /** Waits until it serves with this certificate. */
  async untilShows(fingerprint: string): Promise<void> {
    await until(`${fingerprint} to be served`, () => {
      const { certificate = '' } = this.#webhook.certificates.current() ?? {};
      return readCertificates(certificate)[0]?.fingerprint === fingerprint;
    });
  }

  async follow(): Promise<void> {
    await this.#roles.stop('certificates');
    await this.#roles.stop('events');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#roles[Symbol.asyncDispose]();
    await this.#client[Symbol.asyncDispose]();
  }
}

/** What a review is answered with here. */
export function digest(review: unknown): string {
  return createHash('sha256').update(JSON.stringify(review)).digest('hex');
}
