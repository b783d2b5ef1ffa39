import type { KubernetesObject, Resource } from '../resource.ts';
import { readLabels, readMetadata, readRaw, readTerminating } from './read-fields.ts';

export interface Namespace extends KubernetesObject {
  readonly labels: ReadonlyMap<string, string>;
  /** It is being deleted: nothing can be created in it any more. */
  readonly terminating: boolean;
}

export const namespaces: Resource<Namespace> = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  strip(raw) {
    const { metadata, status } = readRaw(raw);
    const meta = readRaw(metadata);
    return {
      metadata: readMetadata(meta),
      labels: readLabels(meta.labels),
      terminating: readTerminating(meta) || readRaw(status).phase === 'Terminating',
    };
  },
};
