import { trackUpdate } from '../patch/apply/track-update.ts';
import type { JsonObject } from '../patch/json.ts';
import {
  badRequest,
  forbidden,
  invalid,
  notFound,
  type StatusCause,
  StatusError,
} from '../status-error.ts';
import {
  deletionTimestampOf,
  nameOf,
  namespaceOf,
  resourceVersionOf,
  timestamp,
  withMetadata,
} from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { metadataCauses, metadataUpdateCauses } from './object-rules.ts';
import { groupVersion, type ServedResource } from './served-resource.ts';

export interface Writing {
  readonly store: ObjectStore;
  readonly served: ServedResource;
  /** Who is to own what is written; undefined when the object says so already (server-side apply). */
  readonly manager: string | undefined;
  readonly dryRun: boolean;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/**
 * Brings a new object into the form that is stored, checks it and stores it.
 * @returns the object in the version that is served
 * @throws StatusError 403, 404 (of the namespace), 409, 422
 */
export function storeNew(writing: Writing, decoded: JsonObject): JsonObject {
  const { store, served, dryRun } = writing;
  const { strategy, codec, collection } = served;
  const clean = withMetadata(decoded, {
    uid: undefined,
    creationTimestamp: undefined,
    deletionTimestamp: undefined,
    selfLink: undefined,
  });
  if (resourceVersionOf(clean) !== '') {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  requireNamespace(store, served, clean);
  const hasStatus = served.subresources.some(({ name }) => name === 'status');
  const { status: _status, ...withoutStatus } = clean;
  const defaulted =
    strategy.withDefaults?.(hasStatus ? withoutStatus : clean) ??
    (hasStatus ? withoutStatus : clean);
  const prepared = strategy.prepareForCreate?.(defaulted) ?? defaulted;
  refuse(served, prepared, [
    ...metadataCauses(served, prepared),
    ...(strategy.validate?.(prepared) ?? []),
    ...(strategy.validateCreate?.(prepared) ?? []),
  ]);
  const tracked = track(writing, undefined, prepared);
  return codec.fromStorage(collection.create(codec.toStorage(tracked), { dryRun }));
}

/**
 * Puts an object in the place of another one: everything but the status, or through the status
 * subresource nothing else.
 * @throws StatusError 404, 409, 422
 */
export function storeUpdate(writing: Writing, before: JsonObject, decoded: JsonObject): JsonObject {
  const { served, subresource, dryRun } = writing;
  const { strategy, codec, collection } = served;
  const merged =
    subresource === 'status' ? withStatusOf(before, decoded) : mainUpdate(served, before, decoded);
  refuse(served, merged, [
    ...metadataCauses(served, merged),
    ...metadataUpdateCauses(before, merged),
    ...(strategy.validate?.(merged) ?? []),
    ...(strategy.validateUpdate?.(before, merged) ?? []),
  ]);
  const bumpGeneration = subresource === '' && strategy.bumpsGeneration?.(before, merged) === true;
  const tracked = track(writing, before, merged);
  return codec.fromStorage(collection.update(codec.toStorage(tracked), { dryRun, bumpGeneration }));
}

function mainUpdate(served: ServedResource, before: JsonObject, decoded: JsonObject): JsonObject {
  const { strategy, subresources } = served;
  const defaulted = strategy.withDefaults?.(decoded) ?? decoded;
  const hasStatus = subresources.some(({ name }) => name === 'status');
  const { status: _status, ...rest } = defaulted;
  const kept = before.status === undefined ? rest : { ...rest, status: before.status };
  const after = hasStatus ? kept : defaulted;
  return strategy.prepareForUpdate?.(before, after) ?? after;
}

function withStatusOf(before: JsonObject, decoded: JsonObject): JsonObject {
  const { status: _status, ...rest } = before;
  const metadata = withMetadata(rest, { resourceVersion: resourceVersionOf(decoded) || undefined });
  return decoded.status === undefined ? metadata : { ...metadata, status: decoded.status };
}

function track(writing: Writing, live: JsonObject | undefined, updated: JsonObject): JsonObject {
  const { store, served, manager, subresource } = writing;
  if (manager === undefined) return updated;
  return trackUpdate({
    live,
    updated,
    manager,
    apiVersion: groupVersion(served),
    subresource,
    schema: served.schema,
    time: timestamp(store.clock.now()),
  });
}

function refuse(served: ServedResource, object: JsonObject, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid(served, nameOf(object), causes);
}

function requireNamespace(store: ObjectStore, served: ServedResource, object: JsonObject): void {
  if (!served.namespaced) return;
  const name = namespaceOf(object);
  if (name === '') throw badRequest('an empty namespace may not be set during creation');
  const namespaces = store.collection('namespaces');
  const namespace = namespaces.get('', name);
  if (!namespace) throw notFound(namespaces.type, name);
  if (deletionTimestampOf(namespace) === '') return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  const { code, reason, message, details } = forbidden(served, nameOf(object), why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new StatusError(code, reason, message, { details: { ...details, causes: [cause] } });
}
