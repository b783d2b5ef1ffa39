import { groupVersion, type ServedResource } from '../api/served-resource.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import { badRequest, invalid } from '../status-error.ts';
import type { DeleteOptions, PropagationPolicy } from '../storage/deletion.ts';
import { nameOf, namespaceOf, uidOf } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { textAt } from '../tables/read.ts';
import { type Answer, json, jsonText } from './answer.ts';
import type { Call } from './call.ts';
import { pageOf } from './list.ts';
import { listOptions } from './list-options.ts';
import { itemText } from './object-text.ts';
import { objectAnswer } from './read.ts';
import { readBody } from './read-body.ts';

/** Kinds whose deletion is answered with the object, even when it is gone. */
const RETURNS_OBJECT = new Set(['/pods', '/services', '/serviceaccounts', '/namespaces']);

/** Answers a DELETE of an object. @throws StatusError 404, 409 */
export function remove(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const { namespace, name } = call.info;
  const options = deleteOptions(call);
  const { object, removed } = served.collection.delete(
    served.namespaced ? namespace : '',
    name,
    options,
  );
  const view = served.codec.fromStorage(object);
  if (!removed || RETURNS_OBJECT.has(`${served.group}/${served.resource}`)) {
    return objectAnswer(store, served, call, view);
  }
  return json({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(served.group === '' ? {} : { group: served.group }),
      kind: served.resource,
      uid: uidOf(view),
    },
  });
}

/** Answers a DELETE of a collection with what was in it. @throws StatusError */
export function removeCollection(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const options = listOptions(call.query, served, false);
  const page = pageOf(store, served, call.info.namespace, options);
  const how = deleteOptions(call);
  for (const object of page.items) {
    served.collection.delete(namespaceOf(object), nameOf(object), how);
  }
  const items = page.items.map((item) => itemText(served, item)).join(',');
  return jsonText(
    `{"kind":"${served.listKind}","apiVersion":"${groupVersion(served)}","metadata":${JSON.stringify(page.metadata)},"items":[${items}]}`,
  );
}

const POLICIES = ['Background', 'Foreground', 'Orphan'] as const;

/** What a deletion is asked for by its body or, without one, by its query. @throws StatusError 400 */
export function deleteOptions(call: Call): DeleteOptions {
  const body = call.body.length > 0 ? readBody(call).content : {};
  if (!isJsonObject(body)) throw badRequest(`expected DeleteOptions, got ${JSON.stringify(body)}`);
  return deleteOptionsIn(body, call.query);
}

/** The same, from a body that has been read. @throws StatusError 400 */
export function deleteOptionsIn(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const seconds = body.gracePeriodSeconds ?? numberOf(query.get('gracePeriodSeconds'));
  const policy = policyOf(textAt(body, 'propagationPolicy') || query.get('propagationPolicy'));
  const orphan = body.orphanDependents ?? query.get('orphanDependents');
  const asked = policy ?? orphanPolicy(orphan);
  return {
    ...(typeof seconds === 'number' ? { gracePeriodSeconds: seconds } : {}),
    ...(asked ? { propagationPolicy: asked } : {}),
    preconditions: preconditionsOf(objectOf(body, 'preconditions') ?? {}),
    dryRun: query.get('dryRun') === 'All' || dryRunOf(body.dryRun),
  };
}

function preconditionsOf(given: JsonObject): NonNullable<DeleteOptions['preconditions']> {
  const { uid, resourceVersion } = given;
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

function policyOf(text: string | null): PropagationPolicy | undefined {
  if (text === null || text === '') return undefined;
  const policy = POLICIES.find((known) => known === text);
  if (policy) return policy;
  const supported = '"Foreground", "Background", "Orphan", "nil"';
  const message = `Unsupported value: "${text}": supported values: ${supported}`;
  throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    { reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' },
  ]);
}

function orphanPolicy(value: Json | undefined): PropagationPolicy | undefined {
  if (value === undefined || value === null) return undefined;
  return value === true || value === 'true' ? 'Orphan' : 'Background';
}

function dryRunOf(value: Json | undefined): boolean {
  return Array.isArray(value) && value.includes('All');
}

function numberOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
