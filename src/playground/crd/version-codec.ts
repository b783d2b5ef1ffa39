import { describeError } from '../../runtime/errors.ts';
import type { Codec } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { StatusError } from '../status-error.ts';
import { metadataOf } from '../storage/metadata.ts';

/**
 * Converts a custom resource from one version to another, in place of a webhook. It may change labels
 * and annotations in metadata, nothing else there.
 * @param apiVersion the wanted one: `cm.massix.github.io/v1`
 */
export type ConvertObject = (object: JsonObject, apiVersion: string) => JsonObject;

/** Without a conversion of its own only the version's name changes: strategy `None`. */
export const convertByName: ConvertObject = (object, apiVersion) => ({ ...object, apiVersion });

/** A version of objects that are stored in another one. */
export function versionCodec(
  apiVersion: string,
  storageVersion: string,
  convert: ConvertObject,
): Codec {
  if (apiVersion === storageVersion) {
    return { fromStorage: (stored) => stored, toStorage: (view) => view };
  }
  const views = new WeakMap<JsonObject, JsonObject>();
  return {
    fromStorage: (stored) => {
      const known = views.get(stored);
      if (known) return known;
      const view = converted(stored, apiVersion, convert);
      views.set(stored, view);
      return view;
    },
    toStorage: (view) => converted(view, storageVersion, convert),
  };
}

function converting(object: JsonObject, apiVersion: string, convert: ConvertObject): JsonObject {
  try {
    return convert(object, apiVersion);
  } catch (cause) {
    const about = `${String(object.apiVersion)}, Kind=${String(object.kind)}`;
    const why = `conversion webhook for ${about} failed: ${describeError(cause)}`;
    throw new StatusError(500, '', why, { cause });
  }
}

function converted(object: JsonObject, apiVersion: string, convert: ConvertObject): JsonObject {
  const result = converting(object, apiVersion, convert);
  const { labels, annotations } = metadataOf(result);
  const { labels: _labels, annotations: _annotations, ...metadata } = metadataOf(object);
  return {
    ...result,
    apiVersion,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}
