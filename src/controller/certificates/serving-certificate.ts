import { isApiError, type KubernetesClient } from '../../kubernetes/client.ts';
import { explainForbidden } from '../../kubernetes/missing-rule.ts';
import { type Secret, secrets } from '../../kubernetes/resources/secrets.ts';
import { watchObject } from '../../kubernetes/watch-object.ts';
import type { CertificateSource, KeyPair } from '../../observability/certificate-source.ts';
import type { Clock } from '../../runtime/clock.ts';
import { describeError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { readServing } from './held-certificates.ts';
import type { ReadCertificate } from './read-certificate.ts';
import { isMarked, MANAGED_BY, MANAGER } from './secret-owner.ts';
import { withoutContent } from './without-content.ts';

export interface ServingCertificateOptions {
  readonly client: Pick<KubernetesClient, 'stream'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly namespace: string;
  readonly secretName: string;
}

/** Our clock may be ahead of the leader's by this, ms. */
const SKEW_MS = 600_000;

/**
 * The certificate that a replica serves with: that of the Secret, as soon as it changes. When the Secret goes,
 * or holds what cannot be used, the one before is kept.
 */
export class ServingCertificate implements CertificateSource {
  readonly #options: ServingCertificateOptions;
  #current: (KeyPair & { readonly read: ReadCertificate }) | undefined;
  /** Why what the Secret holds cannot be used. */
  #trouble: string | undefined;
  /** Why the Secret cannot be watched. */
  #blindness: string | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(options: ServingCertificateOptions) {
    this.#options = options;
  }

  current(): KeyPair | undefined {
    return this.#current;
  }

  /** What is wrong with it; undefined: nothing. */
  get problem(): string | undefined {
    const { clock } = this.#options;
    const known = this.#blindness ?? this.#trouble;
    if (known !== undefined) return known;
    const expiresMs = this.#current?.read.expiresMs;
    if (expiresMs === undefined || clock.now() < expiresMs) return undefined;
    return `the certificate of ${this.#title} has expired at ${new Date(expiresMs).toISOString()}`;
  }

  async *changes(signal: AbortSignal): AsyncGenerator<KeyPair, void> {
    const ended = Promise.withResolvers<void>();
    const onAbort = () => ended.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let given: KeyPair | undefined;
      while (!signal.aborted) {
        const changed = this.#changed.promise;
        const pair = this.#current;
        if (pair !== undefined && pair !== given) {
          given = pair;
          yield pair;
        } else await Promise.race([changed, ended.promise]);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Follows the Secret until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const watch = {
      ...this.#options,
      resource: secrets,
      name: this.#options.secretName,
      tell: (secret: Secret | undefined) => this.#see(secret),
      reached: () => {
        this.#blindness = undefined;
      },
      failed: (error: unknown) => this.#failed(error),
    };
    await watchObject(watch, signal);
  }

  get #title(): string {
    const { namespace, secretName } = this.#options;
    return `the Secret ${namespace}/${secretName}`;
  }

  #see(secret: Secret | undefined): void {
    const { logger, clock } = this.#options;
    const pair = secret && readServing(secret);
    const why = whyNot(secret, pair?.read, clock.now());
    const trouble = why === undefined ? undefined : `${this.#title} ${why}`;
    if (trouble !== undefined && trouble !== this.#trouble) logger.warn({}, trouble);
    this.#trouble = trouble;
    if (trouble !== undefined || pair === undefined) return;
    if (pair.read.fingerprint === this.#current?.read.fingerprint) return;
    this.#current = pair;
    const until = new Date(pair.read.expiresMs).toISOString();
    logger.info({ fingerprint: pair.read.fingerprint, until }, 'serving with a new certificate');
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Only a missing right is for somebody to mend; whether the API server is reached is said elsewhere. */
  #failed(error: unknown): void {
    const { logger, namespace, secretName } = this.#options;
    const { group, plural } = secrets;
    const access = { verbs: ['watch'], group, plural, namespace, name: secretName } as const;
    const explained = explainForbidden(withoutContent(error, this.#title), access);
    if (!isApiError(error, 403)) {
      logger.debug({ error: explained }, `${this.#title} cannot be watched`);
      return;
    }
    const blindness = describeError(explained);
    if (blindness !== this.#blindness) logger.warn({}, blindness);
    this.#blindness = blindness;
  }
}

function whyNot(
  secret: Secret | undefined,
  read: ReadCertificate | undefined,
  now: number,
): string | undefined {
  if (secret === undefined) return 'was deleted';
  if (!isMarked(secret)) return `is not ours: expected the label ${MANAGED_BY}: ${MANAGER}`;
  if (read === undefined) return 'holds no certificate with its key';
  return now >= read.expiresMs + SKEW_MS ? 'holds a certificate that has expired' : undefined;
}
