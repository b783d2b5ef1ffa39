import type { OwnerReference } from '../../kubernetes/owner-reference.ts';
import { readRaw, readText } from '../../kubernetes/resources/read-fields.ts';
import type { Secret } from '../../kubernetes/resources/secrets.ts';
import { ChaosError } from '../../runtime/errors.ts';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const MANAGER = 'chaos-monkey';

/** Whether a Secret says that it is ours. */
export function isMarked({ labels }: Secret): boolean {
  return labels.get(MANAGED_BY) === MANAGER;
}

/**
 * Why a Secret of our name is somebody else's; undefined: it is ours.
 *
 * @param owner of what we make; undefined: not known, so that any Deployment may be
 * @param wasOurs whether a Secret of this name was ours before: one without any mark is then taken for a
 * replacement that somebody has made by hand
 */
export function foreignOwner(
  secret: Secret,
  owner: OwnerReference | undefined,
  wasOurs: boolean,
): string | undefined {
  const others = secret.ownerReferences.filter((reference) => !mayBeOurs(reference, owner));
  if (others.length > 0) return `it belongs to ${others.map(nameOwner).join(' and ')}`;
  const manager = secret.labels.get(MANAGED_BY);
  if (manager === undefined) {
    return wasOurs ? undefined : `it has no label ${MANAGED_BY}: ${MANAGER}`;
  }
  return manager === MANAGER ? undefined : `its label says that it is managed by ${manager}`;
}

/** @throws ChaosError ERR_CERTIFICATE_SECRET when it is somebody else's */
export function requireOurs(
  secret: Secret,
  owner: OwnerReference | undefined,
  wasOurs: boolean,
): void {
  const why = foreignOwner(secret, owner, wasOurs);
  if (why === undefined) return;
  const { namespace, name } = secret.metadata;
  const message =
    `the Secret ${namespace}/${name} is somebody else's and left alone: ${why}. ` +
    'Expected none of this name, or our own; v1 goes on working, v1alpha1 does not';
  throw new ChaosError('ERR_CERTIFICATE_SECRET', message);
}

/** Those of others as they are, and ours; undefined: they are right already. */
export function ownersToWrite(
  secret: Secret | undefined,
  owner: OwnerReference | undefined,
): readonly unknown[] | undefined {
  if (owner === undefined) return undefined;
  const held = secret?.ownerReferences ?? [];
  if (held.some((reference) => readText(readRaw(reference).uid) === owner.uid)) return undefined;
  return [...held.filter((reference) => !mayBeOurs(reference, owner)), owner];
}

/** A Deployment of our name is ours, or was: it has another uid since it was made again. */
function mayBeOurs(reference: unknown, owner: OwnerReference | undefined): boolean {
  const { kind, name, uid } = readRaw(reference);
  if (owner === undefined) return kind === 'Deployment';
  return uid === owner.uid || (kind === owner.kind && name === owner.name);
}

function nameOwner(reference: unknown): string {
  const { kind, name } = readRaw(reference);
  return `${readText(kind) ?? 'something'} ${readText(name) ?? 'without a name'}`;
}
