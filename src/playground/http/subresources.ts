import { storeUpdate } from '../api/admit.ts';
import type { ServedResource } from '../api/served-resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { SchemaNode } from '../patch/schema.ts';
import { badRequest, notFound } from '../status-error.ts';
import { nameOf } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { listAt, textAt } from '../tables/read.ts';
import { evictPod } from '../workloads/eviction.ts';
import { scaleOf, withScale } from '../workloads/scale.ts';
import { type Answer, json, text } from './answer.ts';
import { type Call, isDryRun } from './call.ts';
import { deleteOptionsIn } from './delete.ts';
import { writing } from './mutate.ts';
import { patchObject } from './patch.ts';
import { objectAnswer } from './read.ts';
import { readBody, requireObjectType } from './read-body.ts';
import type { Handler } from './router.ts';

/** The subresources besides `status`, by `resource/subresource`. */
export const SUBRESOURCES: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['deployments/scale', scale],
  ['replicasets/scale', scale],
  ['pods/eviction', evict],
  ['pods/log', log],
  ['namespaces/finalize', finalize],
]);

function requireView(served: ServedResource, { info }: Call): JsonObject {
  const stored = served.collection.get(served.namespaced ? info.namespace : '', info.name);
  if (!stored) throw notFound(served, info.name);
  return served.codec.fromStorage(stored);
}

function scale(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const before = requireView(served, call);
  if (call.info.verb === 'get') return json(scaleOf(before));
  const asked = call.info.verb === 'patch' ? patchedScale(before, call) : replacedScale(call);
  const after = storeUpdate(writing(store, served, call), before, withScale(before, asked));
  return json(scaleOf(after));
}

function patchedScale(before: JsonObject, call: Call): JsonObject {
  const { content } = readBody(call);
  return patchObject({ schema: SchemaNode.unknown }, call, scaleOf(before), content);
}

function replacedScale(call: Call): JsonObject {
  requireObjectType(call);
  const scale = requireObject(readBody(call).content);
  if (textAt(scale, 'metadata', 'name') !== call.info.name) {
    const got = textAt(scale, 'metadata', 'name');
    throw badRequest(
      `the name of the object (${got}) does not match the name on the URL (${call.info.name})`,
    );
  }
  return scale;
}

function requireObject(content: Json): JsonObject {
  if (isJsonObject(content)) return content;
  throw badRequest(`expected an object, got ${JSON.stringify(content)}`);
}

function evict(store: ObjectStore, _served: ServedResource, call: Call): Answer {
  requireObjectType(call);
  const eviction = requireObject(readBody(call).content);
  const { namespace, name } = call.info;
  const given = deleteOptionsIn(requireObject(eviction.deleteOptions ?? {}), call.query);
  const options = { ...given, dryRun: given.dryRun === true || isDryRun(call) };
  evictPod(store, { namespace, name, eviction, options });
  return json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    201,
  );
}

/** There are no processes here that could have written anything: the log says that. */
function log(_store: ObjectStore, served: ServedResource, call: Call): Answer {
  const pod = requireView(served, call);
  const names = listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name'));
  const asked = call.query.get('container') ?? (names.length === 1 ? names[0] : undefined);
  if (asked === undefined) {
    throw badRequest(
      `a container name must be specified for pod ${nameOf(pod)}, choose one of: [${names.join(' ')}]`,
    );
  }
  if (!names.includes(asked)) {
    throw badRequest(`container ${asked} is not valid for pod ${nameOf(pod)}`);
  }
  return text(
    `This cluster is simulated: container ${asked} of pod ${nameOf(pod)} is no process and has written nothing.\n`,
  );
}

/** Sets `spec.finalizers` of a namespace, which nothing else may. */
function finalize(store: ObjectStore, served: ServedResource, call: Call): Answer {
  requireObjectType(call);
  const asked = requireObject(readBody(call).content);
  const before = requireView(served, call);
  const spec = requireObject(asked.spec ?? {});
  const after = served.collection.update({ ...before, spec }, { dryRun: isDryRun(call) });
  return objectAnswer(store, served, call, after);
}
