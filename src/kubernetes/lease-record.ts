import type { LeaseChange } from './lease-calls.ts';
import type { OwnerReference } from './owner-reference.ts';
import type { Lease } from './resources/leases.ts';

export interface LeaseTerms {
  readonly identity: string;
  readonly durationMs: number;
  /** Wall clock, ms since the epoch: for people to read. */
  readonly now: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owner: OwnerReference | undefined;
}

/** What the holder of the lease writes again and again. */
export function renewal(lease: Lease | undefined, terms: LeaseTerms): LeaseChange {
  const { identity, durationMs, now, annotations, owner } = terms;
  const owners = lease?.ownerReferences ?? [];
  return {
    annotations,
    ...(owner !== undefined &&
      !owners.some((one) => uidOf(one) === owner.uid) && { ownerReferences: [...owners, owner] }),
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1_000),
      renewTime: microTime(now),
    },
  };
}

/** What the new holder writes. @param lease what is there before; undefined: nothing */
export function acquisition(lease: Lease | undefined, terms: LeaseTerms): LeaseChange {
  const { spec, ...rest } = renewal(lease, terms);
  if (lease?.holder === terms.identity) return { ...rest, spec };
  const leaseTransitions = lease === undefined ? 0 : lease.transitions + 1;
  return { ...rest, spec: { ...spec, acquireTime: microTime(terms.now), leaseTransitions } };
}

/** What the holder writes when it goes: the next one need not wait. */
export function release(now: number): LeaseChange {
  const time = microTime(now);
  return {
    spec: { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time },
  };
}

/** RFC 3339 with microseconds, as Kubernetes' MicroTime wants them. */
export function microTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}

function uidOf(reference: unknown): unknown {
  return typeof reference === 'object' && reference !== null && 'uid' in reference
    ? reference.uid
    : undefined;
}
