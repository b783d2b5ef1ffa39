import { storeNew, storeUpdate, type Writing } from '../api/admit.ts';
import type { ServedResource } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { badRequest, notFound } from '../status-error.ts';
import { nameOf, namespaceOf, resourceVersionOf, withMetadata } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import type { Answer } from './answer.ts';
import { type Call, fieldManagerOf, isDryRun } from './call.ts';
import { decodeBody } from './field-validation.ts';
import { objectAnswer } from './read.ts';
import { readBody, requireObjectType } from './read-body.ts';

/** Answers a POST to a collection. @throws StatusError */
export function create(store: ObjectStore, served: ServedResource, call: Call): Answer {
  requireObjectType(call);
  const object = inNamespace(call, served, readObject(served, call));
  return objectAnswer(store, served, call, storeNew(writing(store, served, call), object), 201);
}

/** Answers a PUT of an object, or of its status. @throws StatusError */
export function update(store: ObjectStore, served: ServedResource, call: Call): Answer {
  requireObjectType(call);
  const { name, namespace } = call.info;
  const object = inNamespace(call, served, readObject(served, call));
  if (nameOf(object) === '') {
    throw badRequest('the name of the object is required');
  }
  if (nameOf(object) !== name) {
    throw badRequest(
      `the name of the object (${nameOf(object)}) does not match the name on the URL (${name})`,
    );
  }
  const stored = served.collection.get(namespace, name);
  if (!stored) {
    if (!served.strategy.allowsCreateOnUpdate) throw notFound(served, name);
    if (resourceVersionOf(object) !== '') throw notFound(served, name);
    return objectAnswer(store, served, call, storeNew(writing(store, served, call), object), 201);
  }
  const before = served.codec.fromStorage(stored);
  return objectAnswer(
    store,
    served,
    call,
    storeUpdate(writing(store, served, call), before, object),
  );
}

/** What a call says about how it is written. */
export function writing(store: ObjectStore, served: ServedResource, call: Call): Writing {
  return {
    store,
    served,
    manager: fieldManagerOf(call),
    dryRun: isDryRun(call),
    subresource: call.info.subresource,
  };
}

function readObject(served: ServedResource, call: Call): JsonObject {
  const { content, duplicates } = readBody(call);
  return decodeBody(served, call, content, duplicates);
}

/** The object in the namespace of the path. @throws StatusError 400 when it says another one */
export function inNamespace(call: Call, served: ServedResource, object: JsonObject): JsonObject {
  const { namespace } = call.info;
  if (!served.namespaced) return withMetadata(object, { namespace: undefined });
  const own = namespaceOf(object);
  if (own !== '' && own !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  return withMetadata(object, { namespace });
}
