import { type ApiClient, bodyOf } from './api-client.ts';
import { pathOf } from './paths.ts';
import { textAt } from './value.ts';
import { waitUntil } from './wait-until.ts';

/** Of the CustomResourceDefinition of ChaosMonkeyConfiguration. */
export const DEFINITION = 'chaosmonkeyconfigurations.cm.massix.github.io';

const PATH = pathOf('customresourcedefinitions', '', DEFINITION);

/** The CustomResourceDefinition as it is stored. */
export function definition(client: ApiClient): Promise<unknown> {
  return bodyOf(client.get(PATH));
}

/** The authority that the API server trusts for conversions, base64 of PEM; empty where there is none. */
export async function caBundle(client: ApiClient): Promise<string> {
  return textAt(await definition(client), ...CLIENT_CONFIG, 'caBundle');
}

/** `namespace/name` of the Service that converts. */
export async function conversionService(client: ApiClient): Promise<string> {
  const found = await definition(client);
  const [namespace, name] = ['namespace', 'name'].map((key) =>
    textAt(found, ...CLIENT_CONFIG, 'service', key),
  );
  return `${namespace}/${name}`;
}

/** Waits until the API server trusts another authority than `before`. */
export function untilTrusted(client: ApiClient, before = ''): Promise<string> {
  const other = (bundle: string) => bundle !== '' && bundle !== before;
  return waitUntil('a caBundle', () => caBundle(client), other);
}

const CLIENT_CONFIG = ['spec', 'conversion', 'webhook', 'clientConfig'] as const;
