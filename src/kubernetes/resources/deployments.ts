import { readSelector } from '../read-selector.ts';
import type { KubernetesObject, Resource } from '../resource.ts';
import type { LabelSelector } from '../selector.ts';
import { readMetadata, readNumber, readRaw, readTerminating, readText } from './read-fields.ts';

/** On a deployment: what randomScale will put back. */
export const RESTORE_ANNOTATION = 'cm.massix.github.io/restore';

export interface Deployment extends KubernetesObject {
  /** Grows with each change of the spec; 0 when unknown. */
  readonly generation: number;
  readonly terminating: boolean;
  /** Wanted; absent in the object means 1. */
  readonly replicas: number;
  readonly selector: LabelSelector;
  /** The text of {@link RESTORE_ANNOTATION}. */
  readonly restoreNote: string | undefined;
}

export const deployments: Resource<Deployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  strip(raw) {
    const { metadata, spec } = readRaw(raw);
    const meta = readRaw(metadata);
    const { replicas, selector } = readRaw(spec);
    return {
      metadata: readMetadata(meta),
      generation: readNumber(meta.generation) ?? 0,
      terminating: readTerminating(meta),
      replicas: readNumber(replicas) ?? 1,
      selector: readSelector(selector),
      restoreNote: readText(readRaw(meta.annotations)[RESTORE_ANNOTATION]),
    };
  },
};
