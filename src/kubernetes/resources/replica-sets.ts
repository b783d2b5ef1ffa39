import type { KubernetesObject, Resource } from '../resource.ts';
import { readControllerUid, readMetadata, readRaw } from './read-fields.ts';

export interface ReplicaSet extends KubernetesObject {
  /** Of the deployment that controls it. */
  readonly deploymentUid: string | undefined;
}

/** Only the metadata: there are many old ReplicaSets, each with a whole pod template. */
export const replicaSets: Resource<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
  metadataOnly: true,
  strip(raw) {
    const meta = readRaw(readRaw(raw).metadata);
    return { metadata: readMetadata(meta), deploymentUid: readControllerUid(meta, 'Deployment') };
  },
};
