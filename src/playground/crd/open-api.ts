import { isJsonObject, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import { OBJECT_META } from './custom-resource.ts';
import type { DefinedVersion, Definition } from './read-definition.ts';

const SCHEMAS = '#/components/schemas/';

/** The built-in kind whose paths custom resources borrow: it is served in the same way. */
const MODEL = {
  document: 'apis/coordination.k8s.io/v1',
  plural: 'leases',
  schema: 'io.k8s.api.coordination.v1.Lease',
} as const;

/** One custom resource in one version. */
export interface DefinedResource {
  readonly definition: Definition;
  readonly version: DefinedVersion;
}

/** The OpenAPI v3 document of a group and version that custom resources make up. */
export function customDocument(
  resources: readonly DefinedResource[],
  builtIn: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const model = builtIn.get(MODEL.document) ?? {};
  const common = objectOf(objectOf(model, 'components') ?? {}, 'schemas') ?? {};
  const meta = Object.entries(common).filter(
    ([name]) => !name.startsWith('io.k8s.api.coordination'),
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: Object.fromEntries(resources.flatMap((resource) => pathsOf(resource, model))),
    components: {
      schemas: Object.fromEntries([...meta, ...resources.flatMap(schemasOf)]),
    },
  };
}

/** `com.example.cm.v1.Thing`: the group's parts in reverse. */
function schemaName({ definition, version }: DefinedResource): string {
  return [...definition.group.split('.').reverse(), version.name, definition.kind].join('.');
}

function schemasOf(resource: DefinedResource): readonly (readonly [string, Json])[] {
  const { definition, version } = resource;
  const { group, kind, listKind, plural } = definition;
  const name = schemaName(resource);
  const about = (of: string) => ({
    'x-kubernetes-group-version-kind': [{ group, version: version.name, kind: of }],
  });
  const { properties, ...schema } = version.raw;
  const object: JsonObject = {
    ...schema,
    properties: {
      ...objectOf({ properties: properties ?? {} }, 'properties'),
      ...TYPE_FIELDS,
      metadata: {
        description:
          "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        allOf: [{ $ref: OBJECT_META }],
      },
    },
    ...about(kind),
  };
  const list = {
    description: `${listKind} is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...TYPE_FIELDS,
      items: { description: `List of ${plural}.`, type: 'array', items: { $ref: SCHEMAS + name } },
      metadata: { allOf: [{ $ref: OBJECT_META.replace('ObjectMeta', 'ListMeta') }] },
    },
    ...about(listKind),
  };
  return [
    [name, object],
    [`${name.slice(0, -kind.length)}${listKind}`, list],
  ];
}

const TYPE_FIELDS: JsonObject = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    type: 'string',
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
};

function pathsOf(
  resource: DefinedResource,
  model: JsonObject,
): readonly (readonly [string, Json])[] {
  const { definition, version } = resource;
  const root = `/${MODEL.document}`;
  const rewrite = (item: Json) => rewritten(item, resource);
  return Object.entries(objectOf(model, 'paths') ?? {}).flatMap(([path, item]) => {
    if (path === root || path === `${root}/`) return [];
    const scoped = definition.namespaced ? path : path.replace('/namespaces/{namespace}', '');
    const named = `/apis/${definition.group}/${version.name}${scoped.slice(root.length).replace(MODEL.plural, definition.plural)}`;
    const own: readonly (readonly [string, Json])[] = [[named, rewrite(item)]];
    return named.endsWith('{name}') && version.hasStatus
      ? [...own, [`${named}/status`, statusOnly(rewrite(item))]]
      : own;
  });
}

function statusOnly(item: Json): Json {
  if (!isJsonObject(item)) return item;
  const { delete: _delete, post: _post, ...rest } = item;
  return rest;
}

/** Media types that only built-in kinds take: kubectl chooses how to patch by what stands here. */
const NOT_CUSTOM = new Set([
  'application/strategic-merge-patch+json',
  'application/vnd.kubernetes.protobuf',
]);

/** A path of the model as one of this resource. */
function rewritten(value: Json, resource: DefinedResource): Json {
  const { definition, version } = resource;
  if (Array.isArray(value)) return value.map((item) => rewritten(item, resource));
  if (typeof value === 'string') {
    const schema = SCHEMAS + MODEL.schema;
    return value.startsWith(schema)
      ? SCHEMAS + schemaName(resource) + (value.endsWith('List') ? 'List' : '')
      : value.replaceAll('CoordinationV1', '').replaceAll('Lease', definition.kind);
  }
  if (!isJsonObject(value)) return value;
  const served = Object.entries(value).filter(([key]) => !NOT_CUSTOM.has(key));
  const entries = served.map(([key, child]): [string, Json] => {
    const isKind =
      key === 'x-kubernetes-group-version-kind' && isJsonObject(child) && child.kind === 'Lease';
    return isKind
      ? [key, { group: definition.group, version: version.name, kind: definition.kind }]
      : [key, rewritten(child, resource)];
  });
  return Object.fromEntries(entries);
}
