import { isApiError, type KubernetesClient } from '../kubernetes/client.ts';
import type { ObjectSource } from '../kubernetes/object-source.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import { Backoff } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { RepeatSet } from '../runtime/repeat-set.ts';
import type { Announcer } from './announcer.ts';
import { patchReplicas, readDeployment } from './deployment-calls.ts';
import { parseRestoreNote, type RestoreNote, stillOurs } from './restore-annotation.ts';

/** The configuration that may scale a deployment at present. */
export interface Entitlement {
  readonly uid: string;
  /** `spec.restoreReplicas`: when false, an older note is dropped and nothing put back. */
  readonly restore: boolean;
}

export interface ReplicaRestorerOptions {
  readonly client: KubernetesClient;
  readonly deployments: ObjectSource<Deployment>;
  readonly announcer: Announcer;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Puts back the replicas that randomScale changed as soon as the configuration that noted them may no
 * longer scale: disabled, deleted (also while no controller ran), opted out, of another mode or target.
 *
 * Level-based: what counts is the note on the deployment and who is entitled now, so a missed event costs
 * nothing. Nothing is judged in a namespace before it is settled, that is before its configurations have
 * all been read: a restart must not look like a deletion.
 */
export class ReplicaRestorer {
  readonly #options: ReplicaRestorerOptions;
  readonly #entitlements = new Map<string, Entitlement>();
  readonly #settled = new Set<string>();
  #restoring: RepeatSet | undefined;

  constructor(options: ReplicaRestorerOptions) {
    this.#options = options;
  }

  /** Restores until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { deployments, logger } = this.#options;
    await using restoring = new RepeatSet(signal, (deployment, error) =>
      logger.error({ deployment, error }, 'replicas could not be put back'),
    );
    this.#restoring = restoring;
    for await (const event of deployments.events({}, signal)) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') this.#judge(event.object);
    }
  }

  /** From now on what happens in this namespace is judged: who is entitled there is known. */
  settle(namespace: string): void {
    this.#settled.add(namespace);
    for (const deployment of this.#options.deployments.list(namespace)) this.#judge(deployment);
  }

  /** Until it is settled again nothing in this namespace is judged. */
  unsettle(namespace: string): void {
    this.#settled.delete(namespace);
  }

  entitle(namespace: string, deployment: string, entitlement: Entitlement): void {
    this.#entitlements.set(key(namespace, deployment), entitlement);
  }

  /** Nobody may scale the deployment any more. */
  revoke(namespace: string, deployment: string): void {
    this.#entitlements.delete(key(namespace, deployment));
  }

  /** Looks at a deployment again, after whoever scaled it has ended. */
  check(namespace: string, name: string): void {
    const deployment = this.#options.deployments.get(namespace, name);
    if (deployment !== undefined) this.#judge(deployment);
  }

  #judge({ metadata: { namespace, name }, restoreNote }: Deployment): void {
    const note = parseRestoreNote(restoreNote);
    if (note === undefined || !this.#settled.has(namespace)) return;
    if (!this.#isOrphan(namespace, name, note)) return;
    this.#restoring?.run(key(namespace, name), (signal) => this.#restore(namespace, name, signal));
  }

  #isOrphan(namespace: string, name: string, note: RestoreNote): boolean {
    const entitlement = this.#entitlements.get(key(namespace, name));
    return entitlement?.uid !== note.configuration || !entitlement.restore;
  }

  /** Tries until it is done, is no longer ours to do, or the deployment is gone. */
  async #restore(namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const { clock, random, logger } = this.#options;
    const backoff = new Backoff({ initialMs: 200, maximumMs: 15_000, random });
    for (;;) {
      try {
        return await this.#restoreOnce(namespace, name, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (isApiError(error, 404)) return;
        if (!isApiError(error, 409)) {
          logger.warn(
            { namespace, deployment: name },
            `replicas not put back yet: ${describeError(error)}`,
          );
        }
      }
      await clock.sleep(backoff.next(), signal);
    }
  }

  async #restoreOnce(namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const { client, announcer, logger } = this.#options;
    const deployment = await readDeployment(client, namespace, name, signal);
    const { replicas } = deployment;
    const note = parseRestoreNote(deployment.restoreNote);
    if (note === undefined || !this.#settled.has(namespace)) return;
    if (!this.#isOrphan(namespace, name, note)) return;
    const keepsReplicas = this.#entitlements.get(key(namespace, name))?.restore === false;
    const restores = !keepsReplicas && stillOurs(note, deployment) && replicas !== note.replicas;
    await patchReplicas(
      client,
      deployment,
      { note: null, ...(restores && { replicas: note.replicas }) },
      signal,
    );
    const log = { namespace, deployment: name, replicas: note.replicas, found: replicas };
    if (restores) {
      logger.info(log, `put back to ${note.replicas} replicas`);
      announcer.restored(deployment, note.replicas);
    } else {
      logger.info(log, `left at ${replicas} replicas: ${why(keepsReplicas, note, replicas)}`);
    }
  }
}

function why(keepsReplicas: boolean, note: RestoreNote, replicas: number): string {
  if (keepsReplicas) return 'restoreReplicas is false';
  if (replicas === note.replicas) return 'they are as they were';
  return `somebody else has changed them since we wrote ${note.lastWritten}`;
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
