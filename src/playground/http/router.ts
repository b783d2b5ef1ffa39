import type { ApiRegistry } from '../api/api-registry.ts';
import type { ServedResource } from '../api/served-resource.ts';
import { StatusError } from '../status-error.ts';
import type { ObjectStore } from '../store.ts';
import { type Answer, json, text } from './answer.ts';
import type { Call } from './call.ts';
import { remove, removeCollection } from './delete.ts';
import {
  coreVersions,
  type DiscoverySource,
  groupDocument,
  groupList,
  resourceList,
} from './discovery.ts';
import { list } from './list.ts';
import { create, update } from './mutate.ts';
import { patch } from './patch.ts';
import { get } from './read.ts';
import { watch } from './watch.ts';

export type Handler = (
  store: ObjectStore,
  served: ServedResource,
  call: Call,
) => Answer | Promise<Answer>;

export interface RouterOptions {
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  readonly discovery: DiscoverySource;
  /** What is answered at fixed paths, by the path; a path that ends with `/` stands for all below it. */
  readonly pages: ReadonlyMap<string, (call: Call) => Answer | undefined>;
  /** Subresources besides `status`, by `resource/subresource`, or `*` for any resource. */
  readonly subresources: ReadonlyMap<string, Handler>;
  /** Resources that are not stored, by `group/version/resource`. */
  readonly virtual: ReadonlyMap<string, (call: Call) => Answer | undefined>;
  readonly address: () => string;
}

const OF_COLLECTION: Readonly<Record<string, Handler>> = {
  list,
  watch,
  create,
  deletecollection: removeCollection,
};

const OF_OBJECT: Readonly<Record<string, Handler>> = { get, update, patch, delete: remove };

const OF_STATUS: Readonly<Record<string, Handler>> = { get, update, patch };

/** Finds what answers a call, and lets it. @throws StatusError */
export async function route(options: RouterOptions, call: Call): Promise<Answer> {
  const { info } = call;
  const answer = info.isResource ? await resourceAnswer(options, call) : page(options, call);
  return answer ?? text('404 page not found\n', 404);
}

function page({ pages, discovery, address }: RouterOptions, call: Call): Answer | undefined {
  const path = call.info.path.length > 1 ? call.info.path.replace(/\/$/, '') : call.info.path;
  const own =
    pages.get(path) ??
    [...pages].find(([key]) => key !== '/' && key.endsWith('/') && path.startsWith(key))?.[1];
  if (own) return own(call);
  const [root, group = '', version = ''] = path.slice(1).split('/');
  if (path === '/api') return coreVersions(discovery, call.accept, address());
  if (path === '/apis') return groupList(discovery, call.accept);
  if (root === 'api') return resourceList(discovery, '', group);
  if (root === 'apis')
    return version === ''
      ? groupDocument(discovery, group)
      : resourceList(discovery, group, version);
  return undefined;
}

async function resourceAnswer(options: RouterOptions, call: Call): Promise<Answer | undefined> {
  const { store, registry, virtual } = options;
  const { group, version, resource, subresource, namespace } = call.info;
  const special = virtual.get(`${group}/${version}/${resource}`);
  if (special) return special(call);
  const served = registry.find(group, version, resource);
  if (!served) return registry.hasVersion(group, version) ? unknownResource() : undefined;
  if (!served.namespaced && namespace !== '') return unknownResource();
  if (served.warning !== undefined) call.warnings.add(served.warning);
  const handler =
    subresource === '' ? mainHandler(served, call) : subresourceHandler(options, served, call);
  return handler(store, served, call);
}

function mainHandler(served: ServedResource, { info }: Call): Handler {
  const { verb, name, namespace } = info;
  const handler = (name === '' ? OF_COLLECTION : OF_OBJECT)[verb];
  const needsNamespace =
    served.namespaced && namespace === '' && verb !== 'list' && verb !== 'watch';
  if (!handler || needsNamespace || !served.verbs.includes(verb)) throw methodNotAllowed();
  return handler;
}

function subresourceHandler(
  { subresources }: RouterOptions,
  served: ServedResource,
  { info }: Call,
): Handler {
  const { resource, subresource, verb } = info;
  const declared = served.subresources.find(({ name }) => name === subresource);
  if (!declared) throw unknownError();
  if (!declared.verbs.includes(verb)) throw methodNotAllowed();
  const own =
    subresources.get(`${resource}/${subresource}`) ?? subresources.get(`*/${subresource}`);
  const handler = own ?? (subresource === 'status' ? OF_STATUS[verb] : undefined);
  if (!handler) throw methodNotAllowed();
  return handler;
}

function unknownError(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {
    details: {},
  });
}

function unknownResource(): Answer {
  return json(unknownError().toStatus(), 404);
}

function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    { details: {} },
  );
}
