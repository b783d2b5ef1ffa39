import type { KubernetesObject, Resource } from '../resource.ts';
import {
  readControllerUid,
  readInstant,
  readLabels,
  readList,
  readMetadata,
  readRaw,
  readTerminating,
} from './read-fields.ts';

export interface Pod extends KubernetesObject {
  readonly labels: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly terminating: boolean;
  /** Running, and ready by its condition. */
  readonly ready: boolean;
  /** UID of the ReplicaSet that controls it. */
  readonly ownerUid: string | undefined;
}

export const pods: Resource<Pod> = {
  group: '',
  version: 'v1',
  plural: 'pods',
  kind: 'Pod',
  namespaced: true,
  strip(raw) {
    const { metadata, status } = readRaw(raw);
    const meta = readRaw(metadata);
    return {
      metadata: readMetadata(meta),
      labels: readLabels(meta.labels),
      createdAt: readInstant(meta.creationTimestamp),
      terminating: readTerminating(meta),
      ready: isReady(readRaw(status)),
      ownerUid: readControllerUid(meta, 'ReplicaSet'),
    };
  },
};

function isReady(status: Readonly<Record<string, unknown>>): boolean {
  return readList(status.conditions)
    .map(readRaw)
    .some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
