import { isApiError, KubernetesApiError, type KubernetesClient } from '../../kubernetes/client.ts';
import type { EventRecorder } from '../../kubernetes/event-recorder.ts';
import type { OwnerReference } from '../../kubernetes/owner-reference.ts';
import { Backoff } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import { ChaosError, describeError, type ErrorCode } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { carryOutRound, type RoundOptions } from './certificate-round.ts';
import { ConversionEntry, type WebhookService } from './conversion-entry.ts';
import type { Lives } from './plan-rotation.ts';
import { SecretStore } from './secret-store.ts';
import { teller } from './tell.ts';
import { TrustTimes } from './trust-times.ts';

export interface CertificateKeeperOptions {
  /** Writes only while we lead. */
  readonly client: Pick<KubernetesClient, 'call'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly recorder: Pick<EventRecorder, 'record'>;
  /** Of the Secrets. */
  readonly namespace: string;
  readonly names: SecretNames;
  /** That the API server calls, and the certificate is for. */
  readonly service: WebhookService;
  readonly lives: Lives;
  /** The Deployment that the Secrets go with; undefined until it is known. */
  readonly owner: () => OwnerReference | undefined;
}

export interface SecretNames {
  /** Every replica serves with what is in it. */
  readonly serving: string;
  /** Holds the key of the authority: for the leader alone. */
  readonly authority: string;
}

/** How long something that somebody has broken may go unseen, ms. */
const LOOK_EVERY_MS = 4_000;
const BACKOFF = { initialMs: 200, maximumMs: LOOK_EVERY_MS };

/** What only a person can mend, so that an Event is of use. */
const FOR_PEOPLE: ReadonlySet<ErrorCode> = new Set([
  'ERR_CERTIFICATE_SECRET',
  'ERR_CERTIFICATE_DEFINITION',
  'ERR_KUBERNETES_FORBIDDEN',
]);

/**
 * Keeps the certificates of the conversion webhook: makes them, renews them in time, repairs what somebody
 * has broken, and tells the API server whom to trust. For the leader alone.
 *
 * Each round decides anew from what is there, so that it does not matter who was leader before.
 */
export class CertificateKeeper {
  readonly #options: CertificateKeeperOptions;
  readonly #round: RoundOptions;
  #problem: string | undefined;

  constructor(options: CertificateKeeperOptions) {
    const { client, namespace, names, owner, service, clock, logger, lives } = options;
    const tell = teller(options);
    const common = { client, namespace, owner };
    this.#options = options;
    this.#round = {
      ...{ clock, logger, tell, service, lives },
      authority: new SecretStore({ ...common, name: names.authority, type: 'Opaque' }),
      serving: new SecretStore({ ...common, name: names.serving, type: 'kubernetes.io/tls' }),
      entry: new ConversionEntry({ client, service, tell }),
      trust: new TrustTimes(clock),
    };
  }

  /** What has to be mended before conversion works; undefined: nothing that we know of. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Looks after them until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = new Backoff({ ...BACKOFF, random });
    while (!signal.aborted) {
      let delayMs: number;
      try {
        const dueMs = await carryOutRound(this.#round, signal);
        this.#mended();
        if (dueMs > clock.now()) backoff.reset();
        delayMs = Math.min(Math.max(dueMs - clock.now(), backoff.next()), LOOK_EVERY_MS);
      } catch (error) {
        if (signal.aborted) return;
        this.#complain(error);
        delayMs = backoff.next();
      }
      await clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }

  /** Says once what is wrong. Somebody else's change between a reading and a writing is not. */
  #complain(error: unknown): void {
    if (isApiError(error, 409) || codeOf(error) === 'ERR_LEASE_LOST') return;
    const problem = describeError(error);
    if (problem === this.#problem) return;
    this.#problem = problem;
    const code = codeOf(error);
    if (error instanceof KubernetesApiError || (code && FOR_PEOPLE.has(code))) {
      this.#round.tell({ type: 'Warning', reason: 'ConversionFailed', message: problem });
    } else {
      this.#options.logger.warn(
        { error },
        'the certificates for conversion cannot be looked after',
      );
    }
  }

  #mended(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#options.logger.info({}, 'the certificates for conversion are looked after again');
  }
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof ChaosError ? error.code : undefined;
}
