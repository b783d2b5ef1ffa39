import { serverSideApply } from '../../../../src/playground/patch/apply/server-side-apply.ts';
import { trackUpdate } from '../../../../src/playground/patch/apply/track-update.ts';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import { applyMergePatch } from '../../../../src/playground/patch/merge-patch.ts';
import { PatchError } from '../../../../src/playground/patch/patch-error.ts';
import { objectSchema as schema } from './pod-schema.ts';

export const TIME = '2030-01-01T00:00:00Z';
export const LATER = '2030-01-01T00:00:01Z';

export function object(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 't', ...metadata }, spec };
}

export function created(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return trackUpdate({
    live: undefined,
    updated: object(spec, metadata),
    manager: 'creator',
    apiVersion: 'x/v1',
    schema,
    time: TIME,
  });
}

export function apply(
  live: JsonObject | undefined,
  applied: JsonObject,
  manager = 'm1',
  force = false,
): JsonObject {
  return serverSideApply({ live, applied, manager, force, schema, time: LATER });
}

export function update(
  live: JsonObject,
  patch: JsonObject,
  manager = 'patcher',
  subresource = '',
): JsonObject {
  const updated = Object(applyMergePatch(live, patch));
  return trackUpdate({
    live,
    updated,
    manager,
    apiVersion: 'x/v1',
    subresource,
    schema,
    time: LATER,
  });
}

export function fieldsOf(live: JsonObject, manager: string): unknown {
  const entries: readonly JsonObject[] = Object(live.metadata).managedFields ?? [];
  return entries.find((entry) => entry.manager === manager)?.fieldsV1;
}

export function failure(act: () => unknown): PatchError {
  try {
    act();
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error('expected a PatchError, got none');
}

export const two = {
  replicas: 2,
  selector: { matchLabels: { a: 'b' } },
  containers: [{ name: 'a', image: 'ia', ports: [{ port: 80, protocol: 'TCP' }] }],
};
