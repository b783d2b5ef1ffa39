import type { ChaosMonkeyConfiguration } from '../configuration/types.ts';
import type { EventRecorder } from '../kubernetes/event-recorder.ts';
import type { KubernetesObject } from '../kubernetes/resource.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import type { Namespace } from '../kubernetes/resources/namespaces.ts';
import type { Pod } from '../kubernetes/resources/pods.ts';

export interface AnnouncerOptions {
  /**
   * Whether Events about a namespace are written into it, where a Role allows that. Default: into `default`,
   * as those about every object that has no namespace.
   */
  readonly namespaced?: boolean;
}

/**
 * Says what happens where people look for it: as Events on the object concerned. Reasons and messages of
 * the old program are kept; what it repeated with every tick is said once in an object's life.
 */
export class Announcer {
  readonly #recorder: Pick<EventRecorder, 'record'>;
  readonly #namespaced: boolean;
  readonly #lastSkip = new Map<string, string>();

  constructor(
    recorder: Pick<EventRecorder, 'record'>,
    { namespaced = false }: AnnouncerOptions = {},
  ) {
    this.#recorder = recorder;
    this.#namespaced = namespaced;
  }

  namespaceAdded(namespace: Namespace): void {
    this.#normal(
      this.#about(namespace),
      'Added',
      `CRD Watcher added for ${namespace.metadata.name}`,
      true,
    );
  }

  namespaceDeleted(namespace: Namespace): void {
    this.#normal(
      this.#about(namespace),
      'Deleted',
      `CRD Watcher deleted for ${namespace.metadata.name}`,
    );
  }

  configurationStarted(object: ChaosMonkeyConfiguration, deployment: string): void {
    this.#normal(
      reference(CONFIGURATION, object),
      'Started',
      `Watcher started for deployment ${deployment}`,
      true,
    );
  }

  configurationModified(object: ChaosMonkeyConfiguration, deployment: string): void {
    this.#normal(
      reference(CONFIGURATION, object),
      'Modified',
      `Watcher modified for deployment ${deployment}`,
    );
  }

  configurationDeleted(object: ChaosMonkeyConfiguration, deployment: string): void {
    this.#lastSkip.delete(object.metadata.uid);
    this.#normal(
      reference(CONFIGURATION, object),
      'Deleted',
      `Watcher deleted for deployment ${deployment}`,
    );
  }

  /** @param every the timeout, as a Go duration */
  podTargeted(pod: Pod, every: string): void {
    this.#recorder.record({
      object: reference(POD, pod),
      type: 'Normal',
      reason: 'ChaosMonkeyTarget',
      message: `Pod may be targeted by next Chaos Monkey in ${every}`,
      once: true,
      priority: 'low',
    });
  }

  podKilled(pod: Pod): void {
    this.#normal(reference(POD, pod), 'ChaosMonkeyTarget', 'Pod got killed by Chaos Monkey', true);
  }

  rescaled(deployment: Deployment, replicas: number): void {
    this.#normal(
      reference(DEPLOYMENT, deployment),
      'ChaosMonkey',
      `Converted to ${replicas} replicas`,
    );
  }

  restored(deployment: Deployment, replicas: number): void {
    this.#normal(
      reference(DEPLOYMENT, deployment),
      'ChaosMonkeyRestored',
      `Put back to ${replicas} replicas`,
    );
  }

  /** Said when the reason changes, not with every tick. */
  skipped(object: ChaosMonkeyConfiguration, reason: string, message: string): void {
    if (this.#lastSkip.get(object.metadata.uid) === reason) return;
    this.#lastSkip.set(object.metadata.uid, reason);
    this.#normal(reference(CONFIGURATION, object), reason, `Tick skipped: ${message}`);
  }

  acted(object: ChaosMonkeyConfiguration): void {
    this.#lastSkip.delete(object.metadata.uid);
  }

  failed(object: ChaosMonkeyConfiguration, reason: string, message: string): void {
    this.#lastSkip.delete(object.metadata.uid);
    this.#warning(reference(CONFIGURATION, object), reason, `Tick failed: ${message}`);
  }

  rejected(object: ChaosMonkeyConfiguration, message: string): void {
    this.#warning(reference(CONFIGURATION, object), 'Rejected', message);
  }

  autoscaled(object: ChaosMonkeyConfiguration, message: string): void {
    this.#recorder.record({
      object: reference(CONFIGURATION, object),
      type: 'Warning',
      reason: 'Autoscaled',
      message,
      once: true,
    });
  }

  #about(namespace: Namespace): ObjectReference {
    const object = reference(NAMESPACE, namespace);
    return this.#namespaced ? { ...object, namespace: object.name } : object;
  }

  #normal(object: ObjectReference, reason: string, message: string, once = false): void {
    this.#recorder.record({ object, type: 'Normal', reason, message, once });
  }

  #warning(object: ObjectReference, reason: string, message: string): void {
    this.#recorder.record({ object, type: 'Warning', reason, message });
  }
}

type ObjectReference = Parameters<EventRecorder['record']>[0]['object'];

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };
const POD = { apiVersion: 'v1', kind: 'Pod' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const CONFIGURATION = { apiVersion: 'cm.massix.github.io/v1', kind: 'ChaosMonkeyConfiguration' };

function reference(
  kind: { apiVersion: string; kind: string },
  { metadata }: KubernetesObject,
): ObjectReference {
  return { ...kind, ...metadata };
}
