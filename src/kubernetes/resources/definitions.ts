import type { KubernetesObject, Resource } from '../resource.ts';
import { type Raw, readMetadata, readRaw, readText } from './read-fields.ts';

/** A CustomResourceDefinition, as far as it is about conversion. */
export interface Definition extends KubernetesObject {
  /** `spec.conversion`, as it is. */
  readonly conversion: Raw;
  /** What the API server trusts when it converts, decoded; undefined: no field. */
  readonly caBundle: string | undefined;
}

/** @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/ */
export const definitions: Resource<Definition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
  strip(raw) {
    const { metadata, spec } = readRaw(raw);
    const conversion = readRaw(readRaw(spec).conversion);
    const caBundle = readText(readRaw(readRaw(conversion.webhook).clientConfig).caBundle);
    return {
      metadata: readMetadata(readRaw(metadata)),
      conversion,
      caBundle: caBundle === undefined ? undefined : Buffer.from(caBundle, 'base64').toString(),
    };
  },
};
