import type { KubernetesObject, Resource } from '../resource.ts';
import {
  readInstant,
  readList,
  readMetadata,
  readNumber,
  readRaw,
  readText,
} from './read-fields.ts';

export interface Lease extends KubernetesObject {
  /** Empty: nobody holds it. */
  readonly holder: string;
  /** For how long the holder counts as alive after each renewal, s; undefined when it does not say. */
  readonly durationSeconds: number | undefined;
  /** When its holder wrote it last, ms since the epoch by the holder's clock; 0 when it does not say. */
  readonly renewedAt: number;
  /** How often another has become the holder. */
  readonly transitions: number;
  readonly annotations: ReadonlyMap<string, string>;
  /** As they are, to be written again. */
  readonly ownerReferences: readonly unknown[];
}

/** @see https://kubernetes.io/docs/concepts/architecture/leases/ */
export const leases: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
  strip(raw) {
    const { metadata, spec } = readRaw(raw);
    const meta = readRaw(metadata);
    const { holderIdentity, leaseDurationSeconds, leaseTransitions, renewTime } = readRaw(spec);
    const annotations = Object.entries(readRaw(meta.annotations));
    return {
      metadata: readMetadata(meta),
      holder: readText(holderIdentity) ?? '',
      durationSeconds: readNumber(leaseDurationSeconds),
      renewedAt: readInstant(renewTime),
      transitions: readNumber(leaseTransitions) ?? 0,
      annotations: new Map(
        annotations.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      ownerReferences: readList(meta.ownerReferences),
    };
  },
};
