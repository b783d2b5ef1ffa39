import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import { conditionOf, textAt, uidOf } from '../../tests/cluster/support/value.ts';

/**
 * Waits by one watch, opened when this resolves, until so many configurations say `Active=True`.
 * @returns a promise of when that was, by `performance.now()`
 */
export async function followActive(
  api: ApiClient,
  count: number,
): Promise<{ readonly reached: Promise<number> } & Disposable> {
  const path = pathOf('chaosmonkeyconfigurations');
  const list = await bodyOf(api.get(path, { limit: 1 }));
  const resourceVersion = textAt(list, 'metadata', 'resourceVersion');
  const watch = await api.watch(path, { resourceVersion, allowWatchBookmarks: true });
  const active = new Set<string>();
  const follow = async () => {
    while (active.size < count) {
      const event = await watch.next();
      if (event === undefined || event.type === 'ERROR') {
        throw new Error(`the watch ended with ${active.size} of ${count} active`);
      }
      if (conditionOf(event.object, 'Active') === 'True') active.add(uidOf(event.object));
    }
    return performance.now();
  };
  const reached = follow();
  // Awaited later; until then a failure of it is not unhandled.
  reached.catch(() => undefined);
  return { reached, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}
