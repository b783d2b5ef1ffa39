import type { JsonObject } from '../patch/json.ts';
import type { SchemaNode } from '../patch/schema.ts';
import type { StatusCause } from '../status-error.ts';
import type { Collection } from '../storage/collection.ts';
import type { TableFormat } from '../tables/table.ts';
import type { Decode } from './decode.ts';

/** A subresource as discovery tells of it. */
export interface ServedSubresource {
  readonly name: string;
  /** Of what it takes and gives; group and version are empty for those of the resource. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** What a kind adds to what all kinds do when it is written; everything is optional. */
export interface Strategy {
  /** Fields that get a value when the client gives none. Also applied on update. */
  readonly withDefaults?: (object: JsonObject) => JsonObject;
  /** The last word before a new object is checked: what clients may not set is taken away. */
  readonly prepareForCreate?: (object: JsonObject) => JsonObject;
  /** The same before an update through the resource itself, not its subresources. */
  readonly prepareForUpdate?: (before: JsonObject, after: JsonObject) => JsonObject;
  /** Whether an update asks for something else though the spec is the same. */
  readonly bumpsGeneration?: (before: JsonObject, after: JsonObject) => boolean;
  /** What is wrong with an object, new or changed. */
  readonly validate?: (object: JsonObject) => readonly StatusCause[];
  /** What is wrong with a new one besides. */
  readonly validateCreate?: (object: JsonObject) => readonly StatusCause[];
  /** What is wrong with a changed one besides. */
  readonly validateUpdate?: (before: JsonObject, after: JsonObject) => readonly StatusCause[];
  /** Whether a PUT may create the object. */
  readonly allowsCreateOnUpdate?: boolean;
}

/** Two forms of one object: as this version shows it, and as it is stored. */
export interface Codec {
  /** The same object gives the same view, so that what is derived from it can be remembered. */
  readonly fromStorage: (stored: JsonObject) => JsonObject;
  readonly toStorage: (view: JsonObject) => JsonObject;
}

/** A resource in one version, as it is served. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly storageVersionHash: string | undefined;
  readonly subresources: readonly ServedSubresource[];
  /** Said with every answer, when this version is deprecated. */
  readonly warning: string | undefined;
  /** Built-in kinds leave kind and apiVersion out of the items of a list. */
  readonly isCustom: boolean;
  readonly collection: Collection;
  readonly codec: Codec;
  readonly schema: SchemaNode;
  readonly decode: Decode;
  readonly strategy: Strategy;
  readonly table: TableFormat;
  /** Field selectors beyond metadata.name and metadata.namespace: their values by name. */
  readonly selectableFields: (object: JsonObject) => Readonly<Record<string, string>>;
}

/** `v1`, `apps/v1`. */
export function groupVersion({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}) {
  return group === '' ? version : `${group}/${version}`;
}

/** The path under which a group and version is served, without slashes around it. */
export function rootPath({ group, version }: { readonly group: string; readonly version: string }) {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}
