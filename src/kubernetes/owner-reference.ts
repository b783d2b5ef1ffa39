/**
 * Whom an object goes with: deleted with its owner by Kubernetes' garbage collector.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export interface OwnerReference {
  /** `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}
