import type { ApiRegistry } from '../api/api-registry.ts';
import { typedDecoder } from '../api/decode-typed.ts';
import { refOfKind, resolverOf } from '../api/openapi-documents.ts';
import { rootPath, type ServedSubresource } from '../api/served-resource.ts';
import type { Json, JsonObject } from '../patch/json.ts';
import { SchemaNode } from '../patch/schema.ts';
import type { ObjectStore } from '../store.ts';
import { builtInFormat } from '../tables/formats.ts';
import { at, listAt, nameOf, textAt } from '../tables/read.ts';
import { eventCodec } from './event-versions.ts';
import { specialType } from './resource-types.ts';
import { selectableFields } from './selectable-fields.ts';
import { strategyOf } from './strategies.ts';

export interface BuiltInOptions {
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  readonly documents: ReadonlyMap<string, JsonObject>;
  readonly discovery: JsonObject;
}

/** Registers the built-in kinds that are stored: in the store, and as served resources. */
export function serveBuiltIn(options: BuiltInOptions): void {
  for (const version of listAt(options.discovery, 'groups')) {
    const entries = listAt(version, 'resources');
    for (const entry of entries) {
      const name = textAt(entry, 'name');
      const isStored = listAt(entry, 'verbs').includes('list');
      if (isStored && !name.includes('/')) {
        serve(options, textAt(version, 'groupVersion'), entry, entries);
      }
    }
  }
}

function serve(
  { store, registry, documents }: BuiltInOptions,
  groupVersion: string,
  entry: Json,
  all: readonly Json[],
): void {
  const [group, version] = splitGroupVersion(groupVersion);
  const resource = textAt(entry, 'name');
  const kind = textAt(entry, 'kind');
  const document = documents.get(rootPath({ group, version })) ?? {};
  const resolve = resolverOf(document);
  const ref = refOfKind(document, group, version, kind) ?? '';
  registry.set({
    group,
    version,
    resource,
    kind,
    listKind: `${kind}List`,
    singular: textAt(entry, 'singularName'),
    namespaced: at(entry, 'namespaced') === true,
    verbs: strings(entry, 'verbs'),
    shortNames: strings(entry, 'shortNames'),
    categories: strings(entry, 'categories'),
    storageVersionHash: textAt(entry, 'storageVersionHash') || undefined,
    subresources: all.flatMap((other) => subresourceOf(resource, other)),
    warning: undefined,
    isCustom: false,
    collection: store.register({
      // Events are one resource in two groups, stored in the older form.
      ...(resource === 'events' ? { group: '', version: 'v1' } : { group, version }),
      resource,
      kind,
      namespaced: at(entry, 'namespaced') === true,
      ...specialType(group, resource),
      ...(resource === 'customresourcedefinitions' ? { isHeld: hasObjects(store) } : {}),
    }),
    codec:
      group === 'events.k8s.io'
        ? eventCodec
        : { fromStorage: (stored) => stored, toStorage: (view) => view },
    schema: new SchemaNode({ $ref: ref }, resolve),
    decode: typedDecoder(ref, resolve),
    strategy: strategyOf(group, resource),
    table: builtInFormat(group, resource),
    selectableFields: selectableFields(group, resource),
  });
}

/** A definition stays as long as there are objects of it. */
function hasObjects(store: ObjectStore): (crd: JsonObject) => boolean {
  return (crd) => store.has(nameOf(crd)) && store.collection(nameOf(crd)).size > 0;
}

function subresourceOf(resource: string, entry: Json): readonly ServedSubresource[] {
  const [parent, name] = textAt(entry, 'name').split('/');
  if (parent !== resource || name === undefined) return [];
  return [
    {
      name,
      group: textAt(entry, 'group'),
      version: textAt(entry, 'version'),
      kind: textAt(entry, 'kind'),
      verbs: strings(entry, 'verbs'),
    },
  ];
}

function strings(entry: Json, field: string): readonly string[] {
  return listAt(entry, field).map(String);
}

/** `apps/v1` as group and version; the core group is empty. */
export function splitGroupVersion(groupVersion: string): readonly [group: string, version: string] {
  const [first = '', second] = groupVersion.split('/');
  return second === undefined ? ['', first] : [first, second];
}
