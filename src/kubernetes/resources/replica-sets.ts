import type { KubernetesObject, Resource } from '../resource.ts';
import { readControllerUid, readMetadata, readRaw } from './read-fields.ts';

export interface ReplicaSet extends KubernetesObject {
  /** Of the deployment that controls it. */
  readonly deploymentUid: string | undefined;
}

/** Only the metadata are asked for: there are many old ReplicaSets, each with a whole pod template. */
const METADATA_ONLY = [
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/json',
].join(',');

export const replicaSets: Resource<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
  accept: METADATA_ONLY,
  strip(raw) {
    const meta = readRaw(readRaw(raw).metadata);
    return { metadata: readMetadata(meta), deploymentUid: readControllerUid(meta, 'Deployment') };
  },
};
