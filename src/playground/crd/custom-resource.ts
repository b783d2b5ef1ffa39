import { newestFirst } from '../api/api-registry.ts';
import type { Decode } from '../api/decode.ts';
import type { Codec, ServedResource, ServedSubresource, Strategy } from '../api/served-resource.ts';
import { isJsonObject, type JsonObject } from '../patch/json.ts';
import { type ResolveRef, SchemaNode } from '../patch/schema.ts';
import type { StatusCause } from '../status-error.ts';
import type { Collection } from '../storage/collection.ts';
import { resourceVersionOf } from '../storage/metadata.ts';
import { customResourceFormat } from '../tables/custom-columns.ts';
import { at, textAt } from '../tables/read.ts';
import { hasRules, ruleCauses } from './cel-rules.ts';
import { prune, withSchemaDefaults } from './prune.ts';
import { isRatcheted } from './ratcheting.ts';
import type { DefinedVersion, Definition } from './read-definition.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { schemaCauses } from './validate.ts';

export interface CustomResourceParts {
  readonly definition: Definition;
  readonly version: DefinedVersion;
  readonly collection: Collection;
  readonly codec: Codec;
  /** Reads `metadata` as every kind has it. */
  readonly decodeMetadata: Decode;
  /** Finds the schemas of `metadata`. */
  readonly resolve: ResolveRef;
}

export const OBJECT_META = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

const OF_SUBRESOURCE = ['get', 'patch', 'update'];

/** A version of a custom resource, as it is served. */
export function customResource(parts: CustomResourceParts): ServedResource {
  const { definition, version, collection, codec, resolve } = parts;
  return {
    group: definition.group,
    version: version.name,
    resource: definition.plural,
    singular: definition.singular,
    kind: definition.kind,
    listKind: definition.listKind,
    namespaced: definition.namespaced,
    verbs: VERBS,
    shortNames: definition.shortNames,
    categories: definition.categories,
    storageVersionHash: undefined,
    subresources: subresources(definition, version),
    warning: warning(definition, version),
    isCustom: true,
    collection,
    codec,
    schema: new SchemaNode(withCommonFields(version.schema), resolve),
    decode: decoder(parts),
    strategy: strategy(version),
    table: customResourceFormat(version.printerColumns),
    selectableFields: (object) =>
      Object.fromEntries(
        version.selectableFields.map((path) => {
          const value = at(object, ...path.split('.').filter((part) => part !== ''));
          return [path.replace(/^\./, ''), value === undefined ? '' : String(value)];
        }),
      ),
  };
}

/** The schema of a whole object: metadata is that of every kind. */
export function withCommonFields(schema: StructuralSchema): StructuralSchema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: OBJECT_META }] },
    },
  };
}

function subresources(
  { kind }: Definition,
  { hasStatus, scale }: DefinedVersion,
): readonly ServedSubresource[] {
  const status = { name: 'status', group: '', version: '', kind, verbs: OF_SUBRESOURCE };
  const scaled = {
    name: 'scale',
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    verbs: OF_SUBRESOURCE,
  };
  return [...(hasStatus ? [status] : []), ...(scale ? [scaled] : [])];
}

function warning(definition: Definition, version: DefinedVersion): string | undefined {
  if (!version.deprecated) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const { group, kind, versions } = definition;
  const [newer] = versions
    .filter(({ served, deprecated }) => served && !deprecated)
    .map(({ name }) => name)
    .sort(newestFirst);
  const own = `${group}/${version.name} ${kind} is deprecated`;
  return newer === undefined ? own : `${own}; use ${group}/${newer} ${kind}`;
}

function decoder({ version, decodeMetadata }: CustomResourceParts): Decode {
  return (object) => {
    const unknown: string[] = [];
    const pruned = prune(object, version.schema, (path) => unknown.push(path));
    const metadata = decodeMetadata(isJsonObject(object.metadata) ? object.metadata : {});
    const faults = [
      ...metadata.faults.map((fault) =>
        fault.replace('unknown field "', 'unknown field "metadata.'),
      ),
      ...unknown.sort().map((path) => `unknown field "${path}"`),
    ];
    return { object: { ...pruned, metadata: metadata.object }, faults };
  };
}

function strategy(version: DefinedVersion): Strategy {
  const { schema } = version;
  const validate = (object: JsonObject, before: JsonObject | undefined) => {
    const { apiVersion: _a, kind: _k, metadata: _m, ...content } = object;
    const counts = (cause: StatusCause) => !isRatcheted(cause, before, content);
    const causes = schemaCauses(content, schema, '').filter(counts);
    if (!hasRules(schema)) return causes;
    if (causes.length > 0) return [...causes, UNCHECKED];
    return ruleCauses(content, before, schema, '').filter(counts);
  };
  return {
    withDefaults: (object) => {
      const defaulted = withSchemaDefaults(object, schema);
      return isJsonObject(defaulted) ? defaulted : object;
    },
    validateCreate: (object) => validate(object, undefined),
    validateUpdate: (before, after) => [
      ...(resourceVersionOf(after) === '' ? [MISSING_VERSION] : []),
      ...validate(after, before),
    ],
  };
}

const UNCHECKED: StatusCause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
};

const MISSING_VERSION: StatusCause = {
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0: must be specified for an update',
  field: 'metadata.resourceVersion',
};

/** The name of a definition: `PLURAL.GROUP`. */
export function definitionName(crd: JsonObject): string {
  return `${textAt(crd, 'spec', 'names', 'plural')}.${textAt(crd, 'spec', 'group')}`;
}
