import type { Codec } from '../api/served-resource.ts';
import type { Json, JsonObject } from '../patch/json.ts';
import { objectAt } from '../tables/read.ts';

/** Fields that have other names in events.k8s.io/v1, by their name in core/v1. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
]);

const RENAMED_BACK: ReadonlyMap<string, string> = new Map(
  [...RENAMED].map(([core, events]) => [events, core]),
);

const views = new WeakMap<JsonObject, JsonObject>();

/** Events as events.k8s.io/v1 shows them, which are stored as core/v1 has them. */
export const eventCodec: Codec = {
  fromStorage(stored) {
    const known = views.get(stored);
    if (known) return known;
    const view = renamed(stored, RENAMED, 'events.k8s.io/v1');
    views.set(stored, view);
    return view;
  },
  toStorage(view) {
    const stored = renamed(view, RENAMED_BACK, 'v1');
    return {
      ...stored,
      // Core Events say these even when there is nothing to say.
      source: objectAt(stored, 'source'),
      firstTimestamp: stored.firstTimestamp ?? null,
      lastTimestamp: stored.lastTimestamp ?? null,
    };
  },
};

function renamed(
  event: JsonObject,
  names: ReadonlyMap<string, string>,
  apiVersion: string,
): JsonObject {
  const fields = Object.entries(event)
    .filter(([, value]) => value !== null)
    .map(([name, value]): [string, Json] => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(fields), kind: 'Event', apiVersion };
}
