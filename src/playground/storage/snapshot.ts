import type { JsonObject } from '../patch/json.ts';
import type { Change } from './change-log.ts';
import { nameOf, namespaceOf } from './metadata.ts';
import { comparePositions, type OrderedObjects, type Position } from './ordered-objects.ts';

/**
 * The objects as they were before the given changes, in order: what is there now, with the changes
 * taken back on the way. So a page of a long list costs what changed since the list began, and no copy.
 */
export function* asBefore(
  now: OrderedObjects,
  changes: readonly Change[],
  namespace: string | undefined,
  after: Position | undefined,
): Generator<JsonObject> {
  const before = valuesBefore(changes, namespace);
  const gone = [...before.values()]
    .filter(({ value, at }) => value && !now.get(at.namespace, at.name))
    .filter(({ at }) => !after || comparePositions(at, after) > 0)
    .sort((a, b) => comparePositions(a.at, b.at));
  let next = 0;
  for (const object of now.in(namespace, after)) {
    const at = { namespace: namespaceOf(object), name: nameOf(object) };
    for (let old = gone[next]; old && comparePositions(old.at, at) < 0; old = gone[++next]) {
      if (old.value) yield old.value;
    }
    const known = before.get(`${at.namespace}/${at.name}`);
    if (!known) yield object;
    else if (known.value) yield known.value;
  }
  for (const { value } of gone.slice(next)) if (value) yield value;
}

interface OldValue {
  readonly at: Position;
  readonly value: JsonObject | undefined;
}

function valuesBefore(
  changes: readonly Change[],
  within: string | undefined,
): ReadonlyMap<string, OldValue> {
  const before = new Map<string, OldValue>();
  for (const { namespace, name, previous } of changes) {
    const key = `${namespace}/${name}`;
    if (before.has(key) || (within !== undefined && within !== namespace)) continue;
    before.set(key, { at: { namespace, name }, value: previous });
  }
  return before;
}
