import type { JsonObject } from '../patch/json.ts';
import { nameOf, namespaceOf, numberAt, uidOf } from '../workloads/fields.ts';
import type { AccountLine } from './account-line.ts';

/** Follows deployments and tells when one that had too few ready pods has enough again. */
export class Readiness {
  /** When a deployment began to lack pods, by UID. */
  readonly #lacking = new Map<string, number>();
  readonly #known = new Set<string>();

  /** @param time milliseconds since the epoch */
  observe(deployment: JsonObject, time: number): AccountLine | undefined {
    const uid = uidOf(deployment);
    const wanted = numberAt(deployment, 'spec', 'replicas');
    const ready = numberAt(deployment, 'status', 'readyReplicas');
    const since = this.#lacking.get(uid);
    if (ready < wanted) {
      if (since === undefined) this.#lacking.set(uid, time);
      return undefined;
    }
    this.#lacking.delete(uid);
    const first = !this.#known.has(uid);
    this.#known.add(uid);
    if (since === undefined || first) return undefined;
    const subject = `${namespaceOf(deployment)}/${nameOf(deployment)}`;
    const text = `${ready} of ${wanted} pods ready, after ${((time - since) / 1000).toFixed(1)} s`;
    return { time, verdict: 'healed', subject, text };
  }

  forget(deployment: JsonObject): void {
    this.#lacking.delete(uidOf(deployment));
    this.#known.delete(uidOf(deployment));
  }
}
