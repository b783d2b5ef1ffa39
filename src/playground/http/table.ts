import type { ServedResource } from '../api/served-resource.ts';
import type { Json, JsonObject } from '../patch/json.ts';
import { badRequest } from '../status-error.ts';
import { metadataOf } from '../storage/metadata.ts';
import { objectText } from './object-text.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Reads `includeObject=`. @throws StatusError 400 */
export function includeObject(value: string | null): IncludeObject {
  if (value === null || value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: "${value}"`);
}

/** A row of a Table as JSON. */
export function rowText(
  served: ServedResource,
  view: JsonObject,
  include: IncludeObject,
  now: number,
): string {
  const conditions = served.table.conditions?.(view) ?? [];
  const cells = JSON.stringify(served.table.cells(view, now));
  const more = conditions.length === 0 ? '' : `,"conditions":${JSON.stringify(conditions)}`;
  return `{"cells":${cells}${more},"object":${rowObject(served, view, include)}}`;
}

function rowObject(served: ServedResource, view: JsonObject, include: IncludeObject): string {
  switch (include) {
    case 'None':
      return 'null';
    case 'Object':
      return objectText(served, view);
    case 'Metadata':
      return metadataText(view);
  }
}

/** The columns as JSON. */
export function columnsText(served: ServedResource): string {
  return JSON.stringify(served.table.columns.map((column) => ({ ...column })));
}

/** PartialObjectMetadata as JSON. */
export function metadataText(view: JsonObject): string {
  return JSON.stringify(partialMetadata(view));
}

function partialMetadata(view: JsonObject): Json {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: metadataOf(view),
  };
}

/** The start of a Table as JSON, up to its rows. */
export function tableHead(metadata: JsonObject, columns: string): string {
  return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"columnDefinitions":${columns},"rows":[`;
}
