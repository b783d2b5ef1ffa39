import { isApiError, type KubernetesClient, type Verb } from '../../kubernetes/client.ts';
import { explainForbidden } from '../../kubernetes/missing-rule.ts';
import type { OwnerReference } from '../../kubernetes/owner-reference.ts';
import { resourcePath } from '../../kubernetes/resource.ts';
import { type Secret, secrets } from '../../kubernetes/resources/secrets.ts';
import { isMarked, MANAGED_BY, MANAGER, ownersToWrite, requireOurs } from './secret-owner.ts';
import { withoutContent } from './without-content.ts';

export interface SecretStoreOptions {
  readonly client: Pick<KubernetesClient, 'call'>;
  readonly namespace: string;
  readonly name: string;
  readonly type: 'Opaque' | 'kubernetes.io/tls';
  /** Whom the Secret goes with; undefined until it is known. */
  readonly owner: () => OwnerReference | undefined;
}

/** What is written of a Secret; undefined: the key is taken away. What is not named stays as it is. */
export type SecretData = Readonly<Record<string, string | undefined>>;

/** Reads and writes one Secret, unless it is somebody else's. */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  /** Whether it was ours once in this life. */
  #wasOurs = false;

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  /** As `namespace/name`. */
  get title(): string {
    const { namespace, name } = this.#options;
    return `${namespace}/${name}`;
  }

  /** Whether it was there, and ours, in this life. */
  get wasOurs(): boolean {
    return this.#wasOurs;
  }

  /**
   * As it is now; undefined: there is none.
   * @throws ChaosError ERR_CERTIFICATE_SECRET when it is somebody else's, ERR_KUBERNETES_FORBIDDEN
   */
  async read(signal: AbortSignal): Promise<Secret | undefined> {
    try {
      return this.#ours(await this.#call('get', undefined, signal));
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  /**
   * Writes if nobody has since it was read.
   * @param held as it was read; undefined: there was none
   * @throws KubernetesApiError 409 when somebody has
   */
  async write(held: Secret | undefined, data: SecretData, signal: AbortSignal): Promise<Secret> {
    const { namespace, name, type, owner } = this.#options;
    const ownerReferences = ownersToWrite(held, owner());
    const marks = {
      labels: { [MANAGED_BY]: MANAGER },
      ...(ownerReferences && { ownerReferences }),
    };
    const encoded = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, encode(value)]),
    );
    if (held === undefined) {
      const metadata = { name, namespace, ...marks };
      const kept = Object.fromEntries(
        Object.entries(encoded).filter(([, value]) => value !== null),
      );
      const body = { apiVersion: 'v1', kind: secrets.kind, type, metadata, data: kept };
      return this.#ours(await this.#call('create', body, signal));
    }
    const { uid, resourceVersion } = held.metadata;
    const body = { metadata: { uid, resourceVersion, ...marks }, data: encoded };
    return this.#ours(await this.#call('patch', body, signal));
  }

  /** Whether it lacks what says that it is ours. */
  lacksMarks(secret: Secret): boolean {
    return !isMarked(secret) || ownersToWrite(secret, this.#options.owner()) !== undefined;
  }

  #ours(raw: unknown): Secret {
    const secret = secrets.strip(raw);
    requireOurs(secret, this.#options.owner(), this.#wasOurs);
    this.#wasOurs = true;
    return secret;
  }

  async #call(verb: Verb, body: unknown, signal: AbortSignal): Promise<unknown> {
    const { client, namespace, name: own } = this.#options;
    const name = verb === 'create' ? undefined : own;
    const path = resourcePath(secrets, namespace, name);
    try {
      return await client.call({ verb, resource: secrets.plural, path, body }, signal);
    } catch (error) {
      const { group, plural } = secrets;
      const access = {
        verbs: [verb],
        group,
        plural,
        namespace,
        ...(name !== undefined && { name }),
      };
      throw withoutContent(explainForbidden(error, access), `the Secret ${this.title}`);
    }
  }
}

function encode(value: string | undefined): string | null {
  return value === undefined ? null : Buffer.from(value).toString('base64');
}
