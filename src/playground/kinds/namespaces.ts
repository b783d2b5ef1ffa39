import type { Strategy } from '../api/served-resource.ts';
import { type JsonObject, objectOf } from '../patch/json.ts';
import { metadataOf, nameOf, withMetadata } from '../storage/metadata.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The label with its name that every namespace has. */
function withNameLabel(namespace: JsonObject): JsonObject {
  const labels = objectOf(metadataOf(namespace), 'labels');
  return nameOf(namespace) === ''
    ? namespace
    : withMetadata(namespace, { labels: { ...labels, [NAME_LABEL]: nameOf(namespace) } });
}

export const namespaceStrategy: Strategy = {
  withDefaults: withNameLabel,
  prepareForCreate: (namespace) => ({
    ...withNameLabel(namespace),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }),
  prepareForUpdate: (before, after) => ({
    ...after,
    spec: before.spec ?? {},
    status: before.status ?? {},
  }),
};
