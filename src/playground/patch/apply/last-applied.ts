import { fieldOf, isJsonObject, type Json, type JsonObject, objectOf } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { compare } from './compare.ts';
import { FieldSet } from './field-set.ts';
import type { Owners } from './managed-fields.ts';
import { ownedFields } from './owned-fields.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface LastAppliedCheck {
  readonly live: JsonObject;
  readonly before: Json;
  readonly after: Json;
  readonly owners: Owners;
  /** Key of the entry of the one who applies. */
  readonly by: string;
  readonly schema: SchemaNode;
}

/**
 * Whether every conflict is about a field that `kubectl apply` wrote before, client-side: such an object
 * may go over to server-side apply without force. The API server decides it by kubectl's annotation.
 */
export function toleratesLastApplied({
  live,
  before,
  after,
  owners,
  by,
  schema,
}: LastAppliedCheck): boolean {
  const config = lastApplied(live);
  if (!config) return false;
  const { modified, added } = compare(before, after, schema);
  const taken = modified.union(added);
  let conflicts = new FieldSet();
  for (const [key, { fields }] of owners) {
    if (key !== by) conflicts = conflicts.union(fields.intersection(taken));
  }
  return conflicts.difference(ownedFields(config, schema)).isEmpty;
}

function lastApplied(live: JsonObject): JsonObject | undefined {
  const annotations = objectOf(objectOf(live, 'metadata') ?? {}, 'annotations') ?? {};
  const text = fieldOf(annotations, LAST_APPLIED);
  if (typeof text !== 'string') return undefined;
  try {
    const config: Json = JSON.parse(text);
    return isJsonObject(config) ? config : undefined;
  } catch {
    return undefined;
  }
}
