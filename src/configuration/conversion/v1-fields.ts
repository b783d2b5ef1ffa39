import { isJsonObject, type JsonObject, objectOrEmpty, parseJson, property } from '../json.ts';

/**
 * On the v1alpha1 form of an object: its v1 `spec` and `status` as JSON. The API server prunes what a
 * v1alpha1 client writes by the v1alpha1 schema before it converts back; only annotations come through.
 */
export const V1_FIELDS_ANNOTATION = 'cm.massix.github.io/v1-fields';

/** What v1 has and v1alpha1 has no place for. */
export interface V1Fields {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/**
 * All annotations of an object together, bytes. The API server refuses a converted object that has more,
 * and with it the whole list it is in.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/api/validation/objectmeta.go TotalAnnotationSizeLimitB
 */
const LARGEST_ANNOTATIONS_BYTES = 256 * 1024;

/** The metadata with the fields in an annotation: without the status, or without both, where there is no room. */
export function withV1Fields(metadata: JsonObject, fields: V1Fields): JsonObject {
  const { annotations, ...rest } = withoutV1Fields(metadata);
  const others = objectOrEmpty(annotations);
  const room = LARGEST_ANNOTATIONS_BYTES - sizeOf(others);
  const { status: _, ...specOnly } = fields;
  const text = [fields, specOnly]
    .map((candidate) => JSON.stringify(candidate))
    .find((candidate) => sizeOf({ [V1_FIELDS_ANNOTATION]: candidate }) <= room);
  if (text === undefined) return withoutV1Fields(metadata);
  return { ...rest, annotations: { ...others, [V1_FIELDS_ANNOTATION]: text } };
}

/** What the annotation carries; nothing of it when it is missing or damaged. */
export function readV1Fields(metadata: JsonObject): V1Fields {
  const text = property(objectOrEmpty(property(metadata, 'annotations')), V1_FIELDS_ANNOTATION);
  const carried = typeof text === 'string' ? objectOrEmpty(parseJson(text)) : {};
  const spec = property(carried, 'spec');
  const status = property(carried, 'status');
  return { ...(isJsonObject(spec) && { spec }), ...(isJsonObject(status) && { status }) };
}

/** The metadata without the annotation, and without annotations when it was the only one. */
export function withoutV1Fields(metadata: JsonObject): JsonObject {
  const annotations = objectOrEmpty(property(metadata, 'annotations'));
  if (!Object.hasOwn(annotations, V1_FIELDS_ANNOTATION)) return metadata;
  const { annotations: _, ...rest } = metadata;
  const { [V1_FIELDS_ANNOTATION]: _carried, ...others } = annotations;
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
}

function sizeOf(annotations: JsonObject): number {
  return Object.entries(annotations).reduce(
    (bytes, [key, value]) => bytes + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
}
