import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import { conditionOf, listAt, textAt, uidOf } from '../../tests/cluster/support/value.ts';

const PATH = pathOf('chaosmonkeyconfigurations');

/**
 * Waits until so many configurations say `Active=True`, by a watch that is open when this resolves. The
 * API server ends it when the kind is changed, as by a controller that brings its certificates; it is then
 * opened again.
 * @returns a promise of when that was, by `performance.now()`
 */
export async function followActive(
  api: ApiClient,
  count: number,
): Promise<{ readonly reached: Promise<number> } & Disposable> {
  const closing = new AbortController();
  const active = new Set<string>();
  const note = (object: unknown) => {
    if (conditionOf(object, 'Active') === 'True') active.add(uidOf(object));
  };
  /** Writes down all there are, and opens a watch of what comes. */
  const open = async () => {
    const list = await bodyOf(api.get(PATH));
    for (const object of listAt(list, 'items')) note(object);
    const resourceVersion = textAt(list, 'metadata', 'resourceVersion');
    return api.watch(PATH, { resourceVersion, allowWatchBookmarks: true });
  };
  let watch = await open();
  const follow = async () => {
    while (active.size < count) {
      closing.signal.throwIfAborted();
      const event = await watch.next();
      if (event !== undefined && event.type !== 'ERROR') {
        note(event.object);
      } else {
        watch[Symbol.dispose]();
        watch = await open();
      }
    }
    return performance.now();
  };
  const reached = follow();
  // Awaited later; until then a failure of it is not unhandled.
  reached.catch(() => undefined);
  const dispose = () => {
    closing.abort();
    watch[Symbol.dispose]();
  };
  return { reached, [Symbol.dispose]: dispose };
}
