import { expect } from 'chai';
import type { AuditEntry } from './audit-log.ts';

/** The API server writes down when it has answered, a moment after the answer has gone out. */
const SLACK_MS = 100;

/**
 * There were no more acts for a configuration than ticks, never two within a timeout, and before each
 * act, after the one before, there was a claim.
 * @param audit what the program did in the namespace, oldest first
 * @param name of the configuration and of its deployment
 */
export function expectOwnClaims(
  audit: readonly AuditEntry[],
  name: string,
  ticks: number,
  timeoutMs: number,
): void {
  const acts = audit.filter((entry) => isActOf(entry, name));
  const claims = audit.filter(
    ({ verb, resource, object }) =>
      verb === 'patch' && resource === 'chaosmonkeyconfigurations/status' && object === name,
  );
  expect(acts.length, `${name} acted`).to.be.within(1, ticks);
  for (const [index, act] of acts.entries()) {
    const before = acts[index - 1];
    const restMs = act.receivedAt - (before?.doneAt ?? 0);
    expect(restMs, `${name}: from act ${index} to the next`).to.be.at.least(timeoutMs - SLACK_MS);
    const since = before?.receivedAt ?? 0;
    const claimed = claims.some(({ doneAt }) => doneAt > since && doneAt <= act.receivedAt);
    expect(claimed, `${name}: a claim before act ${index + 1}`).to.equal(true);
  }
}

/** Whether it was a disturbance of the deployment of this name. */
export function isActOf({ verb, resource, object }: AuditEntry, name: string): boolean {
  if (verb === 'delete' && resource === 'pods') return object.startsWith(`${name}-`);
  return verb === 'update' && resource === 'deployments/scale' && object === name;
}
