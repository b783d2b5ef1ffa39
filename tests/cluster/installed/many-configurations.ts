import { expect } from 'chai';
import { type ApiClient, bodyOf } from '../support/api-client.ts';
import { type AuditEntry, readAudit } from '../support/audit-log.ts';
import { configuration, deployment } from '../support/objects.ts';
import { expectOwnClaims, isActOf } from '../support/own-claims.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import type { ReleaseFixture } from '../support/release-fixture.ts';
import { createNamespace, removeNamespace } from '../support/scratch-namespaces.ts';
import { type Tenure, tenuresOf, trespasses, wasGivenBack } from '../support/tenures.ts';
import { conditionReasonOf, listAt, nameOf, numberAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

/** The default of the program. */
export const LEASE_MS = 15_000;

const TIMEOUT_MS = 5_000;
const NAMESPACE = 'chaos-test-many';
const WRITES = new Set(['create', 'update', 'patch', 'delete']);

export interface SceneOptions {
  /** When the installation of the release began: what was done before is another's. */
  readonly sinceMs: number;
  /** How many deployments are scaled. Default: 98. */
  readonly scaled?: number;
  /** Of how many deployments pods are killed. Default: 2. */
  readonly killed?: number;
}

/** How it went on. */
export interface Pace {
  /** Until the first occasion of any. */
  readonly firstMs: number;
  /** The same for people. */
  readonly said: string;
}

/** How one replica gave its lease to another. */
export interface HandOver {
  readonly from: string;
  readonly to: string;
  /** From when it was given back until the other had asked for it, ms. */
  readonly leaseMs: number;
  /** From when it was given back until the first act of the other, ms. */
  readonly actMs: number;
}

/**
 * Configurations that act every five seconds, a hundred unless told otherwise. Most of them scale deployments
 * that get no pods, so that it is the replicas under test which have much to do and not the machine.
 */
export class ManyConfigurations {
  readonly scaled: number;
  readonly killed: number;
  readonly #release: Release;
  readonly #sinceMs: number;

  private constructor(release: Release, { sinceMs, scaled = 98, killed = 2 }: SceneOptions) {
    this.#release = release;
    this.#sinceMs = sinceMs;
    this.scaled = scaled;
    this.killed = killed;
  }

  /** Resolves when all of them have acted or skipped once. */
  static async create(release: Release, options: SceneOptions): Promise<ManyConfigurations> {
    const scene = new ManyConfigurations(release, options);
    const client = scene.#client;
    await createNamespace(client, NAMESPACE, { 'cm.massix.github.io/namespace': 'true' });
    for (const name of scene.#names) {
      const kills = name.startsWith('kill');
      const shape = { mode: kills ? 'killPod' : 'randomScale', maxReplicas: 9 } as const;
      const paused = withoutPods(deployment(name, { replicas: 1 }));
      const target = kills ? deployment(name, { replicas: 2 }) : paused;
      await bodyOf(client.post(pathOf('deployments', NAMESPACE), target));
      const monkey = configuration(name, { ...shape, timeout: `${TIMEOUT_MS / 1_000}s` });
      await bodyOf(client.post(pathOf('chaosmonkeyconfigurations', NAMESPACE), monkey));
    }
    await scene.#until('a tick of each', (monkeys) => monkeys.every((one) => ticksOf(one) > 0));
    return scene;
  }

  /** Begins to take everything away, if there is anything. */
  static async remove({ cluster }: ReleaseFixture): Promise<void> {
    await removeNamespace(cluster.client, NAMESPACE);
  }

  /** Waits until, from now on, every configuration has had an occasion. */
  async untilActs(): Promise<Pace> {
    const before = new Map<string, number>();
    const begun = performance.now();
    let firstMs: number | undefined;
    await this.#until('another tick of each', (monkeys) => {
      if (before.size === 0) for (const one of monkeys) before.set(nameOf(one), ticksOf(one));
      const more = monkeys.map((one) => ticksOf(one) - (before.get(nameOf(one)) ?? 0));
      if (more.some((count) => count > 0)) firstMs ??= performance.now() - begun;
      return more.every((count) => count > 0);
    });
    const tookMs = Math.round(performance.now() - begun);
    const said = `first tick ${Math.round(firstMs ?? 0)} ms later, one of each within ${tookMs} ms`;
    return { firstMs: firstMs ?? tookMs, said };
  }

  /** Lets no more be due. */
  async stop(): Promise<void> {
    for (const name of this.#names) {
      const path = pathOf('chaosmonkeyconfigurations', NAMESPACE, name);
      await bodyOf(this.#client.patch(path, 'merge', { spec: { enabled: false } }));
    }
    await this.#until('all to be disabled', (monkeys) =>
      monkeys.every((one) => conditionReasonOf(one, 'Active') === 'Disabled'),
    );
  }

  /** The times that a lease was given back since an instant. @throws when there was none */
  async handOvers(auditLogPath: string, sinceMs: number): Promise<HandOver[]> {
    const audit = await this.#audit(auditLogPath);
    const tenures = this.#tenures(audit);
    const acts = audit.filter((entry) => this.#isAct(entry));
    const handOvers: HandOver[] = [];
    for (const [index, tenure] of tenures.entries()) {
      const next = tenures[index + 1];
      const backAt = tenure.writes.at(-1)?.receivedAt ?? 0;
      if (next === undefined || backAt < sinceMs) continue;
      expect(wasGivenBack(tenure, next, LEASE_MS), `${tenure.pod} gave it back`).to.equal(true);
      const first = acts.find((act) => act.pod === next.pod && act.receivedAt >= next.takenAt);
      handOvers.push({
        ...{ from: tenure.pod, to: next.pod, leaseMs: next.takenAt - backAt },
        actMs: (first?.receivedAt ?? Number.POSITIVE_INFINITY) - backAt,
      });
    }
    expect(handOvers.length, 'times the lease was given back').to.be.at.least(1);
    return handOvers;
  }

  /** Judges everything that was done since the release was installed. @returns what that was, in words */
  async expectOneActAtATime(auditLogPath: string): Promise<string> {
    const audit = await this.#audit(auditLogPath);
    const tenures = this.#tenures(audit);
    const done = audit.filter(({ verb, resource }) => WRITES.has(verb) && resource !== 'leases');
    expect(trespasses(done, tenures, LEASE_MS)).to.deep.equal([]);
    const ticks = new Map((await this.#monkeys()).map((one) => [nameOf(one), ticksOf(one)]));
    const acts = done.filter((entry) => this.#isAct(entry));
    const mine = audit.filter(({ namespace }) => namespace === NAMESPACE);
    for (const [name, count] of ticks) expectOwnClaims(mine, name, count, TIMEOUT_MS);
    const leaders = new Set(tenures.map(({ pod }) => pod)).size;
    return (
      `${acts.length} acts and ${done.length - acts.length} other writes by ${leaders} leaders in ` +
      `${tenures.length} tenures: none without the lease, none too early`
    );
  }

  get #client(): ApiClient {
    return this.#release.cluster.client;
  }

  get #names(): readonly string[] {
    const numbered = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`);
    return [...numbered('scale', this.scaled), ...numbered('kill', this.killed)];
  }

  #isAct(entry: AuditEntry): boolean {
    return this.#names.some((name) => isActOf(entry, name));
  }

  async #audit(path: string): Promise<AuditEntry[]> {
    const { namespace, fullName } = this.#release;
    const audit = await readAudit(path, `system:serviceaccount:${namespace}:${fullName}`, '');
    return audit.filter(({ receivedAt }) => receivedAt >= this.#sinceMs);
  }

  #tenures(audit: readonly AuditEntry[]): Tenure[] {
    return tenuresOf(audit, this.#release.fullName);
  }

  async #monkeys(): Promise<readonly unknown[]> {
    const path = pathOf('chaosmonkeyconfigurations', NAMESPACE);
    return listAt(await bodyOf(this.#client.get(path)), 'items');
  }

  async #until(what: string, reached: (monkeys: readonly unknown[]) => boolean): Promise<void> {
    await waitFor(this.#client, pathOf('chaosmonkeyconfigurations', NAMESPACE), what, reached);
  }
}

/** A deployment that is paused from the beginning can be scaled, and never gets a pod. */
function withoutPods<T extends { readonly spec: object }>(target: T) {
  return { ...target, spec: { ...target.spec, paused: true } };
}

function ticksOf(monkey: unknown): number {
  return numberAt(monkey, 'status', 'ticks') || 0;
}
