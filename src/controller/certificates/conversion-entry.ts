import { isDeepStrictEqual } from 'node:util';
import { GROUP, PLURAL } from '../../configuration/api.ts';
import { isApiError, type KubernetesClient } from '../../kubernetes/client.ts';
import { explainForbidden } from '../../kubernetes/missing-rule.ts';
import { resourcePath } from '../../kubernetes/resource.ts';
import { type Definition, definitions } from '../../kubernetes/resources/definitions.ts';
import { readRaw } from '../../kubernetes/resources/read-fields.ts';
import { ChaosError } from '../../runtime/errors.ts';
import type { Tell } from './tell.ts';

/** Where the API server has objects converted. */
export interface WebhookService {
  readonly namespace: string;
  readonly name: string;
}

export interface ConversionEntryOptions {
  readonly client: Pick<KubernetesClient, 'call'>;
  readonly service: WebhookService;
  readonly tell: Tell;
}

const NAME = `${PLURAL}.${GROUP}`;
const PATH = '/convertcrd';
/** Of the Service, not of the program. */
const PORT = 443;
const REVIEW_VERSIONS: readonly string[] = ['v1'];
const MEANWHILE = 'v1 goes on working meanwhile, v1alpha1 does not';

/** The part of our CustomResourceDefinition that says who converts, and whom the API server trusts in that. */
export class ConversionEntry {
  readonly #options: ConversionEntryOptions;
  /** What it was last set to, or found to be set to. */
  #entered: string | undefined;

  constructor(options: ConversionEntryOptions) {
    this.#options = options;
  }

  /**
   * Sets what differs: strategy, service, versions and caBundle; all else is left as it is.
   * @param caBundle PEM
   * @throws ChaosError ERR_KUBERNETES_FORBIDDEN naming the missing rule, ERR_CERTIFICATE_DEFINITION when it is
   * not there; KubernetesApiError 409 when somebody has changed it meanwhile
   */
  async enter(caBundle: string, signal: AbortSignal): Promise<void> {
    const found = await this.#call('get', undefined, signal);
    const wrong = this.#differences(found, caBundle);
    if (wrong.length > 0) {
      const { resourceVersion } = found.metadata;
      const body = { metadata: { resourceVersion }, spec: { conversion: this.#change(caBundle) } };
      await this.#call('patch', body, signal);
      this.#say(wrong, found.caBundle);
    }
    this.#entered = caBundle;
  }

  #differences({ conversion, caBundle: held }: Definition, caBundle: string): readonly string[] {
    const { strategy, webhook } = conversion;
    const { conversionReviewVersions, clientConfig } = readRaw(webhook);
    const { service, url } = readRaw(clientConfig);
    const reference = { path: PATH, port: PORT, ...readRaw(service) };
    const checks = {
      strategy: strategy === 'Webhook',
      conversionReviewVersions: isDeepStrictEqual(conversionReviewVersions, REVIEW_VERSIONS),
      service: isDeepStrictEqual(reference, this.#service()) && url === undefined,
      caBundle: held === caBundle,
    };
    return Object.entries(checks).flatMap(([field, right]) => (right ? [] : [field]));
  }

  /** As a merge patch. A client has either a service or a URL. */
  #change(caBundle: string) {
    const clientConfig = {
      url: null,
      service: this.#service(),
      caBundle: Buffer.from(caBundle).toString('base64'),
    };
    const webhook = { conversionReviewVersions: REVIEW_VERSIONS, clientConfig };
    return { strategy: 'Webhook', webhook };
  }

  #service() {
    const { namespace, name } = this.#options.service;
    return { namespace, name, path: PATH, port: PORT };
  }

  /** What we change because certificates are renewed is no news. */
  #say(wrong: readonly string[], found: string | undefined): void {
    const { tell } = this.#options;
    const fields = wrong.join(', ');
    if (this.#entered === undefined) {
      const message = `Entered ${fields} in the CustomResourceDefinition ${NAME}`;
      tell({ type: 'Normal', reason: 'ConversionEntered', message });
    } else if (found !== this.#entered || wrong.some((field) => field !== 'caBundle')) {
      const state = found ? 'something else' : 'empty';
      const what = wrong.includes('caBundle') ? `caBundle was ${state}: ` : '';
      const message = `${what}put back ${fields} in the CustomResourceDefinition ${NAME}`;
      tell({ type: 'Warning', reason: 'ConversionRepaired', message });
    }
  }

  async #call(verb: 'get' | 'patch', body: unknown, signal: AbortSignal): Promise<Definition> {
    const { client } = this.#options;
    const { group, plural } = definitions;
    const path = resourcePath(definitions, '', NAME);
    try {
      return definitions.strip(await client.call({ verb, resource: plural, path, body }, signal));
    } catch (error) {
      if (isApiError(error, 404)) {
        const message = `waiting for the CustomResourceDefinition ${NAME}, which is not there`;
        throw new ChaosError('ERR_CERTIFICATE_DEFINITION', message);
      }
      const verbs = verb === 'get' ? (['get', 'patch'] as const) : ([verb] as const);
      const access = { verbs, group, plural, namespace: '', name: NAME };
      const explained = explainForbidden(error, access);
      if (explained === error) throw error;
      const message = `the API server cannot be told whom to trust in conversions; ${MEANWHILE}`;
      throw new ChaosError('ERR_KUBERNETES_FORBIDDEN', message, { cause: explained });
    }
  }
}
