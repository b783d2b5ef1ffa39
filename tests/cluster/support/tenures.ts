import type { AuditEntry } from './audit-log.ts';

/** The time in which one pod held a lease, as its writes of the Lease show. Milliseconds since the epoch. */
export interface Tenure {
  readonly pod: string;
  /** When its first write was received. */
  readonly takenAt: number;
  /** When each of its writes was received. The last one may be the one that gives the lease back. */
  readonly writes: readonly { readonly receivedAt: number }[];
}

const WRITES = new Set(['create', 'update', 'patch']);

/** Who held the lease one after the other. @param audit what all replicas did */
export function tenuresOf(audit: readonly AuditEntry[], lease: string): Tenure[] {
  const tenures: (Tenure & { readonly writes: AuditEntry[] })[] = [];
  for (const entry of audit) {
    if (entry.resource !== 'leases' || entry.object !== lease || !WRITES.has(entry.verb)) continue;
    const last = tenures.at(-1);
    if (last?.pod === entry.pod) last.writes.push(entry);
    else tenures.push({ pod: entry.pod, takenAt: entry.receivedAt, writes: [entry] });
  }
  return tenures;
}

/**
 * What was done in spite of the lease: by a replica that did not hold it, that had given it back, or whose
 * lease had run out. Counted strictly: what was under way when the next one asked for the lease is wrong.
 * @param done what replicas did, but for their writes of the Lease
 */
export function trespasses(
  done: readonly AuditEntry[],
  tenures: readonly Tenure[],
  durationMs: number,
): string[] {
  return done.flatMap((entry) => {
    const why = trespass(entry, tenures, durationMs);
    const { pod, verb, resource, object, receivedAt } = entry;
    if (why === undefined) return [];
    return [`${new Date(receivedAt).toISOString()} ${pod} ${verb} ${resource} ${object}: ${why}`];
  });
}

function trespass(
  { pod, receivedAt, doneAt }: AuditEntry,
  tenures: readonly Tenure[],
  durationMs: number,
): string | undefined {
  const index = tenures.findLastIndex(({ takenAt }) => takenAt <= doneAt);
  const tenure = tenures[index];
  if (tenure === undefined) return 'nobody had the lease yet';
  if (tenure.pod !== pod) return `the lease was ${tenure.pod}'s`;
  const last = tenure.writes.findLast((write) => write.receivedAt <= receivedAt);
  if (last === undefined) return 'nobody had the lease then';
  if (doneAt > last.receivedAt + durationMs) return 'the lease had run out';
  if (last === tenure.writes.at(-1) && wasGivenBack(tenure, tenures[index + 1], durationMs))
    return 'the lease was given back';
  return undefined;
}

/** Whether the next one took the lease before it could have run out. */
export function wasGivenBack(
  tenure: Tenure,
  next: Tenure | undefined,
  durationMs: number,
): boolean {
  const last = tenure.writes.at(-1);
  return last !== undefined && next !== undefined && next.takenAt < last.receivedAt + durationMs;
}
