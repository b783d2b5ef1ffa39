import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { sumsBy } from '../program/exposition.ts';

/** How many watches the API server has open, by resource, whoever opened them. */
export async function openWatches(api: ApiClient): Promise<ReadonlyMap<string, number>> {
  const scrape = await bodyOf(api.get('/metrics'));
  if (typeof scrape !== 'string') throw new Error('/metrics of the API server is no text');
  return sumsBy(scrape, 'apiserver_longrunning_requests', 'resource', 'verb="WATCH"');
}

/** What there is more of, by resource; what did not change is left out. */
export function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map(
    [...after]
      .map(([resource, count]) => [resource, count - (before.get(resource) ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
}
