import { type ApiClient, bodyOf, UnexpectedAnswer } from './api-client.ts';
import { pathOf } from './paths.ts';
import { nameOf, textAt } from './value.ts';
import { waitFor } from './wait-for.ts';

/** All namespaces of the tests carry it, so that they are found whatever happens. */
export const SCRATCH = 'cm.massix.github.io/scratch';

/** A namespace of this name that lasts until it is removed; it may be there already, or be on its way out. */
export async function createNamespace(
  client: ApiClient,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const left = (found: readonly unknown[]) =>
    found.every((one) => nameOf(one) !== name || textAt(one, 'status', 'phase') !== 'Terminating');
  await waitFor(client, pathOf('namespaces'), `an earlier namespace ${name} to go`, left);
  const metadata = { name, labels: { [SCRATCH]: 'true', ...labels } };
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata };
  const answer = await client.post(pathOf('namespaces'), body);
  if (answer.code === 409) {
    await bodyOf(client.patch(pathOf('namespaces', '', name), 'merge', { metadata }));
  } else if (answer.code >= 400) {
    throw new UnexpectedAnswer(answer);
  }
}

/** Begins to remove a namespace, which may have gone already. */
export async function removeNamespace(client: ApiClient, name: string): Promise<void> {
  const answer = await client.delete(pathOf('namespaces', '', name));
  if (answer.code >= 400 && answer.code !== 404) throw new UnexpectedAnswer(answer);
}

/** Waits until every namespace of the tests has gone with all that was in it. */
export async function untilNamespacesGone(client: ApiClient): Promise<void> {
  const query = { labelSelector: SCRATCH };
  const none = (found: readonly unknown[]) => found.length === 0;
  const timeoutMs = 120_000;
  await waitFor(client, pathOf('namespaces'), 'all namespaces to go', none, { query, timeoutMs });
}
