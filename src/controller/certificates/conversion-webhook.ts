import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { OwnerReference } from '../../kubernetes/owner-reference.ts';
import type { CertificateSource } from '../../observability/certificate-source.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { LeaderMeans } from '../lead.ts';
import { CertificateKeeper, type SecretNames } from './certificate-keeper.ts';
import type { Lives } from './plan-rotation.ts';
import { ServingCertificate } from './serving-certificate.ts';

export interface ConversionWebhookOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** The program's own, in which its Service and its Secrets are. */
  readonly namespace: string;
  /** What the names of the Secrets begin with: that of the Lease. */
  readonly prefix: string;
  /** Name of the Service by which the API server reaches the program. */
  readonly service: string;
  readonly lives: Lives;
  /** The Deployment that runs the program; undefined until it is known. */
  readonly owner: () => OwnerReference | undefined;
}

/**
 * How long a replica that has never had a certificate is not ready for that, ms. It cannot be for ever: during
 * an upgrade the leader may be a version that makes none, and it ends only once its successors are ready; and
 * whoever cannot make one goes on with v1.
 */
const PATIENCE_MS = 5_000;

/** All that is needed for the API server to have objects converted by the program. */
export class ConversionWebhook {
  readonly #options: ConversionWebhookOptions;
  readonly #names: SecretNames;
  readonly #certificate: ServingCertificate;
  #keeper: CertificateKeeper | undefined;
  /** When it began to wait, by the monotonic clock. */
  #beganMs: number | undefined;

  constructor(options: ConversionWebhookOptions) {
    const { prefix } = options;
    this.#options = options;
    this.#names = { serving: `${prefix}-webhook-tls`, authority: `${prefix}-webhook-ca` };
    this.#certificate = new ServingCertificate({ ...options, secretName: this.#names.serving });
  }

  /** For HTTPS. */
  get certificates(): CertificateSource {
    return this.#certificate;
  }

  /** What every replica does, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#beganMs = this.#options.clock.monotonic();
    await this.#certificate.run(signal);
  }

  /** What the leader does, by name: see `Duties`. */
  duties({ client, recorder }: LeaderMeans) {
    const { service, namespace } = this.#options;
    const keeper = new CertificateKeeper({
      ...this.#options,
      client,
      recorder,
      names: this.#names,
      service: { name: service, namespace },
    });
    return {
      certificates: async (signal: AbortSignal) => {
        this.#keeper = keeper;
        try {
          await keeper.run(signal);
        } finally {
          this.#keeper = undefined;
        }
      },
    };
  }

  /** For readiness and health. */
  facts(): { readonly awaited: readonly string[]; readonly problems: readonly string[] } {
    const problems = [this.#keeper?.problem, this.#certificate.problem];
    const lacking = this.#certificate.current() === undefined;
    return {
      awaited: lacking && !this.#isPatienceOver ? ['a certificate for HTTPS'] : [],
      problems: problems.flatMap((problem) =>
        problem === undefined ? [] : [`conversion: ${problem}`],
      ),
    };
  }

  get #isPatienceOver(): boolean {
    const { clock } = this.#options;
    return this.#beganMs !== undefined && clock.monotonic() - this.#beganMs >= PATIENCE_MS;
  }
}
