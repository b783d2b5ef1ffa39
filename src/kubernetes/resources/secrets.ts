import type { KubernetesObject, Resource } from '../resource.ts';
import { readLabels, readList, readMetadata, readRaw, readText } from './read-fields.ts';

/** What it holds may be logged by nobody. */
export interface Secret extends KubernetesObject {
  readonly labels: ReadonlyMap<string, string>;
  /** As they are, to be written again. */
  readonly ownerReferences: readonly unknown[];
  /** Decoded. */
  readonly data: ReadonlyMap<string, string>;
}

/** @see https://kubernetes.io/docs/concepts/configuration/secret/ */
export const secrets: Resource<Secret> = {
  group: '',
  version: 'v1',
  plural: 'secrets',
  kind: 'Secret',
  namespaced: true,
  strip(raw) {
    const { metadata, data } = readRaw(raw);
    const meta = readRaw(metadata);
    return {
      metadata: readMetadata(meta),
      labels: readLabels(meta.labels),
      ownerReferences: readList(meta.ownerReferences),
      data: new Map(
        Object.entries(readRaw(data)).map(([key, value]) => [
          key,
          Buffer.from(readText(value) ?? '', 'base64').toString('utf8'),
        ]),
      ),
    };
  },
};
