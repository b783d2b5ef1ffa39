import { isApiError, type KubernetesClient } from '../kubernetes/client.ts';
import type { OwnerReference } from '../kubernetes/owner-reference.ts';
import { deployments } from '../kubernetes/resources/deployments.ts';
import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { readDeployment } from './deployment-calls.ts';

export interface OwnDeploymentOptions {
  readonly client: KubernetesClient;
  /** The namespace the program runs in. */
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** The Deployment that runs this program: what the program makes for itself belongs to it. */
export class OwnDeployment {
  readonly #options: OwnDeploymentOptions;
  #reference: OwnerReference | undefined;

  constructor(options: OwnDeploymentOptions) {
    this.#options = options;
  }

  /** Undefined until it has been read. */
  get reference(): OwnerReference | undefined {
    return this.#reference;
  }

  /** Reads it, however often it takes; resolves when it is known or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = new Backoff({ initialMs: 200, maximumMs: 30_000, random });
    let complaint: string | undefined;
    while (!signal.aborted) {
      try {
        this.#reference = await this.#read(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        complaint = this.#complain(error, complaint);
      }
      await clock.sleep(backoff.next(), signal).catch(() => undefined);
    }
  }

  async #read(signal: AbortSignal): Promise<OwnerReference> {
    const { client, namespace, name } = this.#options;
    const { metadata } = await readDeployment(client, namespace, name, signal);
    const { group, version, kind } = deployments;
    return { apiVersion: `${group}/${version}`, kind, name, uid: metadata.uid };
  }

  /** Says once why it cannot be read, and that what is made meanwhile has no owner. */
  #complain(error: unknown, before: string | undefined): string {
    const { namespace, name, logger } = this.#options;
    const complaint = describeError(error);
    if (complaint === before) return complaint;
    const hint = isApiError(error, 403) ? `grant get on deployments ${name} in ${namespace}: ` : '';
    logger.warn(
      { namespace, deployment: name },
      `the Deployment that runs this program is not known, so what it makes has no owner yet: ${hint}${complaint}`,
    );
    return complaint;
  }
}
