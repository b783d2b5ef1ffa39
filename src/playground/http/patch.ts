import { storeNew, storeUpdate } from '../api/admit.ts';
import { causeInvalid } from '../api/object-rules.ts';
import type { ServedResource } from '../api/served-resource.ts';
import { groupVersion } from '../api/served-resource.ts';
import { serverSideApply } from '../patch/apply/server-side-apply.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { PatchError } from '../patch/patch-error.ts';
import { applyStrategicMergePatch } from '../patch/strategic/strategic-merge-patch.ts';
import { badRequest, invalid, notFound, StatusError } from '../status-error.ts';
import { nameOf, resourceVersionOf, timestamp, uidOf } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { textAt } from '../tables/read.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { decodeOrRefuse, reportFaults } from './field-validation.ts';
import { inNamespace, writing } from './mutate.ts';
import { objectAnswer } from './read.ts';
import { type Body, readBody } from './read-body.ts';

const APPLY = 'application/apply-patch+yaml';
const STRATEGIC = 'application/strategic-merge-patch+json';
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

/** Answers a PATCH of an object, or of its status. @throws StatusError */
export function patch(store: ObjectStore, served: ServedResource, call: Call): Answer {
  requirePatchType(served, call);
  const { namespace, name } = call.info;
  const stored = served.collection.get(served.namespaced ? namespace : '', name);
  const body = readBody(call);
  if (call.contentType === APPLY) return apply(store, served, call, stored, body);
  if (!stored) throw notFound(served, name);
  const before = served.codec.fromStorage(stored);
  const patched = patchObject(served, call, before, body.content);
  const decoded = decodePatched(served, call, { before, patched, body });
  return objectAnswer(
    store,
    served,
    call,
    storeUpdate(writing(store, served, call), before, decoded),
  );
}

/** The original after a merge, strategic merge or JSON patch. @throws StatusError */
export function patchObject(
  { schema }: Pick<ServedResource, 'schema'>,
  { contentType, info }: Call,
  original: JsonObject,
  content: Json,
): JsonObject {
  const patched = refusing(info.name, () => {
    switch (contentType) {
      case JSON_PATCH:
        return applyJsonPatch(original, content);
      case STRATEGIC:
        return applyStrategicMergePatch(original, content, schema);
      default:
        return applyMergePatch(original, content);
    }
  });
  if (isJsonObject(patched)) return patched;
  throw badRequest(`cannot restore struct from: ${typeof patched}`);
}

function apply(
  store: ObjectStore,
  served: ServedResource,
  call: Call,
  stored: JsonObject | undefined,
  { content, duplicates }: Body,
): Answer {
  const { name, subresource } = call.info;
  const applied = requireApplied(served, call, content);
  const manager = call.query.get('fieldManager') ?? '';
  if (manager === '') {
    const message = 'Required value: is required for apply patch';
    const cause = { reason: 'FieldValueRequired', message, field: 'fieldManager' };
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [cause]);
  }
  const { faults } = decodeOrRefuse(served, applied);
  reportFaults(call, [...faults, ...duplicates], (strict) => badRequest(strict));
  if (!stored && subresource !== '') throw notFound(served, name);
  const live = stored && served.codec.fromStorage(stored);
  const merged = refusing(name, () =>
    serverSideApply({
      live,
      applied: inNamespace(call, served, applied),
      manager,
      subresource,
      force: call.query.get('force') === 'true',
      schema: served.schema,
      time: timestamp(store.clock.now()),
    }),
  );
  const { object } = decodeOrRefuse(served, merged);
  const how = { ...writing(store, served, call), manager: undefined };
  if (live) return objectAnswer(store, served, call, storeUpdate(how, live, object));
  return objectAnswer(store, served, call, storeNew(how, object), 201);
}

function requireApplied(served: ServedResource, call: Call, content: Json): JsonObject {
  if (!isJsonObject(content)) throw badRequest('error decoding YAML: expected an object');
  const expected = groupVersion(served);
  if (textAt(content, 'kind') === '' || textAt(content, 'apiVersion') === '') {
    throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(content)}'`);
  }
  if (textAt(content, 'apiVersion') !== expected || textAt(content, 'kind') !== served.kind) {
    const got = `${textAt(content, 'apiVersion')}, Kind=${textAt(content, 'kind')}`;
    throw badRequest(
      `incorrect type specified in patch: expected ${expected}, Kind=${served.kind}, got ${got}`,
    );
  }
  const metadata = objectOf(content, 'metadata') ?? {};
  const { name } = call.info;
  if (nameOf(content) !== '' && nameOf(content) !== name) {
    throw badRequest(
      `the name of the object (${nameOf(content)}) does not match the name on the URL (${name})`,
    );
  }
  return { ...content, metadata: { ...metadata, name } };
}

function decodePatched(
  served: ServedResource,
  call: Call,
  {
    before,
    patched,
    body,
  }: { readonly before: JsonObject; readonly patched: JsonObject; readonly body: Body },
): JsonObject {
  const { object, faults } = decodeOrRefuse(served, patched);
  reportFaults(call, [...faults, ...body.duplicates], (strict) => {
    const shown = call.contentType === STRATEGIC ? goText(body.content) : JSON.stringify(patched);
    const message = `Invalid value: ${JSON.stringify(shown)}: ${strict}`;
    return invalid({ group: '', kind: '' }, '', [
      { reason: 'FieldValueInvalid', message, field: 'patch' },
    ]);
  });
  const { name } = call.info;
  if (nameOf(object) !== name) {
    throw badRequest(
      `the name of the object (${nameOf(object)}) does not match the name on the URL (${name})`,
    );
  }
  const uid = uidOf(object);
  const isStale = resourceVersionOf(object) !== resourceVersionOf(before);
  if (uid !== uidOf(before) && !isStale) {
    throw invalid(served, name, [causeInvalid('metadata.uid', uid, 'field is immutable')]);
  }
  return inNamespace(call, served, object);
}

/** A value as Go prints it: `map[spec:map[replicas:1]]`. */
function goText(value: Json): string {
  if (isJsonArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return value === null ? '<nil>' : String(value);
  const fields = Object.keys(value).sort();
  return `map[${fields.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`;
}

function requirePatchType(served: ServedResource, { contentType }: Call): void {
  const supported = served.isCustom
    ? [JSON_PATCH, MERGE, APPLY]
    : [JSON_PATCH, MERGE, STRATEGIC, APPLY];
  if (supported.includes(contentType)) return;
  throw new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`,
  );
}

/** Does something with a patch; what the patch is refused for becomes the answer. */
export function refusing<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const { code, reason = '', message, causes } = error;
    const details = causes.length > 0 || code === 409 ? { details: { causes } } : {};
    throw new StatusError(code, reason, message, { ...details, cause: `patch of ${name}` });
  }
}
