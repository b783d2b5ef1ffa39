import { isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { at, listAt, objectAt, textAt } from '../tables/read.ts';
import type { StructuralSchema } from './structural-schema.ts';

export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  /** Undefined: the API server's own words. */
  readonly deprecationWarning: string | undefined;
  readonly schema: StructuralSchema;
  /** The same, as it was written. */
  readonly raw: JsonObject;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  readonly printerColumns: Json;
  readonly selectableFields: readonly string[];
}

export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly labelSelector: string | undefined;
}

export interface Definition {
  readonly name: string;
  readonly group: string;
  readonly namespaced: boolean;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly versions: readonly DefinedVersion[];
}

/** Reads a CustomResourceDefinition of apiextensions.k8s.io/v1 that has been accepted. */
export function readDefinition(crd: JsonObject): Definition {
  const names = objectAt(crd, 'spec', 'names');
  const kind = textAt(names, 'kind');
  return {
    name: textAt(crd, 'metadata', 'name'),
    group: textAt(crd, 'spec', 'group'),
    namespaced: textAt(crd, 'spec', 'scope') === 'Namespaced',
    plural: textAt(names, 'plural'),
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    kind,
    listKind: textAt(names, 'listKind') || `${kind}List`,
    shortNames: listAt(names, 'shortNames').map(String),
    categories: listAt(names, 'categories').map(String),
    versions: listAt(crd, 'spec', 'versions').map(readVersion),
  };
}

function readVersion(version: Json): DefinedVersion {
  const scale = at(version, 'subresources', 'scale');
  const selector = textAt(scale, 'labelSelectorPath');
  return {
    name: textAt(version, 'name'),
    served: at(version, 'served') === true,
    storage: at(version, 'storage') === true,
    deprecated: at(version, 'deprecated') === true,
    deprecationWarning: textAt(version, 'deprecationWarning') || undefined,
    schema: objectAt(version, 'schema', 'openAPIV3Schema') as StructuralSchema,
    raw: objectAt(version, 'schema', 'openAPIV3Schema'),
    hasStatus: isJsonObject(at(version, 'subresources', 'status')),
    scale: isJsonObject(scale)
      ? {
          specReplicas: textAt(scale, 'specReplicasPath'),
          statusReplicas: textAt(scale, 'statusReplicasPath'),
          labelSelector: selector || undefined,
        }
      : undefined,
    printerColumns: at(version, 'additionalPrinterColumns') ?? [],
    selectableFields: listAt(version, 'selectableFields').map((field) => textAt(field, 'jsonPath')),
  };
}
