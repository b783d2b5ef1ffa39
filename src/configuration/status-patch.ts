import { isJsonObject, type JsonObject, property, sameJson } from './json.ts';
import type { ConfigurationStatus } from './status.ts';

/**
 * The smallest JSON merge patch that makes one status the other; undefined when they are the same.
 * Lists are replaced as a whole, a field that went away is null.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396
 */
export function statusPatch(
  before: ConfigurationStatus,
  after: ConfigurationStatus,
): Record<string, unknown> | undefined {
  return difference({ ...before }, { ...after });
}

function difference(before: JsonObject, after: JsonObject): Record<string, unknown> | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key) => {
    const from = property(before, key);
    const to = property(after, key);
    return sameJson(from, to) ? [] : [[key, change(from, to)] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function change(from: unknown, to: unknown): unknown {
  if (to === undefined) return null;
  return isJsonObject(from) && isJsonObject(to) ? difference(from, to) : to;
}
