import { leases } from '../../../src/kubernetes/resources/leases.ts';
import type { SimulatedCluster } from '../../../src/playground/cluster.ts';
import type { LoggedRequest } from '../../../src/playground/http/request-log.ts';
import { textAt } from '../../cluster/support/value.ts';

/** `act`: a pod deleted, a deployment scaled or annotated. `status`: of a configuration. `other`: an Event. */
export type WriteKind = 'act' | 'status' | 'other';

/** A write that the API server has carried out. */
export interface AcceptedWrite {
  /** In the order in which they were carried out. */
  readonly id: number;
  readonly user: string;
  readonly kind: WriteKind;
  readonly what: string;
  /** Whose process held the Lease at that moment; empty: nobody's. */
  readonly holder: string;
}

interface Reign {
  /** The id of the request that changed the holder. */
  readonly since: number;
  readonly identity: string;
}

const ACTS: ReadonlySet<string> = new Set([
  'delete pods',
  'patch deployments',
  'update deployments/scale',
  'patch deployments/scale',
]);
const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/**
 * Says of each write that a simulated API server accepts who held the Lease at that moment, from the
 * server's own order: it carries out and logs one request after the other.
 */
export class WriteJudge implements Disposable {
  readonly #cluster: SimulatedCluster;
  readonly #subscription: Disposable;
  readonly #reigns: Reign[] = [{ since: 0, identity: '' }];
  /** Which user's process calls itself so. */
  readonly #users = new Map<string, string>([['', '']]);
  readonly #writes: AcceptedWrite[] = [];
  #read = 0;

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
    this.#subscription = cluster.store
      .collection(`${leases.plural}.${leases.group}`)
      .subscribe(({ type, object }) => {
        const identity = type === 'DELETED' ? '' : textAt(object, 'spec', 'holderIdentity');
        if (identity === this.#reigns.at(-1)?.identity) return;
        // The request that is being carried out is the next one to be logged.
        this.#reigns.push({ since: this.#cluster.requests.total + 1, identity });
      });
  }

  /** The user whose process holds the Lease; empty: nobody's. */
  get holder(): string {
    this.#collect();
    return this.#users.get(this.#reigns.at(-1)?.identity ?? '') ?? '';
  }

  /** All writes so far, apart from those of the Lease. */
  get writes(): readonly AcceptedWrite[] {
    this.#collect();
    return this.#writes;
  }

  /** Requests answered so far. */
  get now(): number {
    return this.#cluster.requests.total;
  }

  /** What was accepted from a process while the Lease named another. */
  get trespasses(): readonly AcceptedWrite[] {
    return this.writes.filter(({ holder, user }) => holder !== '' && holder !== user);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #collect(): void {
    const recent = this.#cluster.requests.recent();
    const oldest = recent[0]?.id ?? 0;
    if (oldest > this.#read + 1 && this.#read > 0)
      throw new Error('requests were forgotten unread');
    for (const request of recent) {
      if (request.id <= this.#read) continue;
      this.#read = request.id;
      if (READS.has(request.verb) || request.code < 200 || request.code > 299) continue;
      if (request.resource === leases.plural) this.#name(request);
      else this.#judge(request);
    }
  }

  /** Who writes the Lease is who it names then. */
  #name({ id, user }: LoggedRequest): void {
    const { identity } = this.#reignAt(id);
    if (identity !== '') this.#users.set(identity, user);
  }

  #judge({ id, user, verb, resource, subresource, name }: LoggedRequest): void {
    const full = subresource === '' ? resource : `${resource}/${subresource}`;
    const what = `${verb} ${full}`;
    const status = subresource === 'status' ? 'status' : 'other';
    const kind = ACTS.has(what) ? 'act' : status;
    const holder = this.#users.get(this.#reignAt(id).identity) ?? 'unknown';
    this.#writes.push({ id, user, kind, what: `${what} ${name}`, holder });
  }

  #reignAt(id: number): Reign {
    return this.#reigns.findLast(({ since }) => since <= id) ?? { since: 0, identity: '' };
  }
}
