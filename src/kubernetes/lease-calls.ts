import { ChaosError } from '../runtime/errors.ts';
import { isApiError, KubernetesApiError, type KubernetesClient, type Verb } from './client.ts';
import { explainForbidden } from './missing-rule.ts';
import { resourcePath } from './resource.ts';
import { type Lease, leases } from './resources/leases.ts';

export interface LeaseCallsOptions {
  readonly client: Pick<KubernetesClient, 'call'>;
  readonly namespace: string;
  readonly name: string;
  /** How long one call may take, ms. */
  readonly deadlineMs: number;
}

/** What is written of a Lease; what is left out stays as it is. */
export interface LeaseChange {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly unknown[];
  readonly spec: Readonly<Record<string, string | number>>;
}

/**
 * Reads and writes one Lease. Whatever it was, an error that somebody has to mend says how:
 * ERR_KUBERNETES_FORBIDDEN names the missing rule, ERR_LEASE_NAMESPACE the namespace.
 */
export class LeaseCalls {
  readonly #options: LeaseCallsOptions;

  constructor(options: LeaseCallsOptions) {
    this.#options = options;
  }

  /** The Lease as it is; undefined: there is none. */
  async read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#call('get', {}, signal);
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  /** @param beforeSend see `KubernetesRequest.beforeSend`. @throws KubernetesApiError 409 when there is one already */
  async create(change: LeaseChange, beforeSend: () => void, signal: AbortSignal): Promise<Lease> {
    const { namespace, name } = this.#options;
    const { spec, ...metadata } = change;
    const body = {
      apiVersion: `${leases.group}/${leases.version}`,
      kind: leases.kind,
      metadata: { name, namespace, ...metadata },
      spec,
    };
    return this.#call('create', { body, beforeSend }, signal);
  }

  /**
   * Changes the Lease if nobody has since it was seen like this.
   * @throws KubernetesApiError 409 when somebody has, 404 when it was deleted
   */
  async change(
    { metadata: { uid, resourceVersion } }: Lease,
    { spec, ...metadata }: LeaseChange,
    beforeSend: () => void,
    signal: AbortSignal,
  ): Promise<Lease> {
    const body = { metadata: { uid, resourceVersion, ...metadata }, spec };
    return this.#call('patch', { body, beforeSend }, signal);
  }

  async #call(
    verb: Verb,
    more: { readonly body?: unknown; readonly beforeSend?: () => void },
    signal: AbortSignal,
  ): Promise<Lease> {
    const { client, namespace, name, deadlineMs } = this.#options;
    const path = resourcePath(leases, namespace, verb === 'create' ? undefined : name);
    // However much else there is to write: a lease that is renewed too late is lost.
    const urgent = true;
    const request = { verb, resource: leases.plural, path, deadlineMs, urgent, ...more };
    try {
      return complete(leases.strip(await client.call(request, signal)), verb);
    } catch (error) {
      throw this.#explain(error, verb);
    }
  }

  #explain(error: unknown, verb: Verb): unknown {
    if (!(error instanceof KubernetesApiError)) return error;
    const { namespace, name } = this.#options;
    const { code, causes = [] } = error.status;
    if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
      return noNamespace(`the namespace "${namespace}" of the Lease is being deleted`, error);
    }
    if (code === 404 && verb === 'create') {
      return noNamespace(`the namespace "${namespace}" of the Lease does not exist`, error);
    }
    const { group, plural } = leases;
    const named = verb === 'create' ? {} : { name };
    return explainForbidden(error, { verbs: [verb], group, plural, namespace, ...named });
  }
}

function noNamespace(message: string, cause: Error): ChaosError {
  return new ChaosError('ERR_LEASE_NAMESPACE', message, { cause });
}

/** A write that names no version would overwrite whatever is there. */
function complete(lease: Lease, verb: Verb): Lease {
  const { uid, resourceVersion } = lease.metadata;
  if (uid !== '' && resourceVersion !== '') return lease;
  const message = `${verb} ${leases.plural}: expected a Lease with uid and resourceVersion, got one without`;
  throw new ChaosError('ERR_KUBERNETES_RESPONSE', message);
}
