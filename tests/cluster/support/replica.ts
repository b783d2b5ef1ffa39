import { readExposition } from '../../fakes/read-exposition.ts';
import { bodyOf } from './api-client.ts';
import { Metrics } from './controller-process.ts';
import { pathOf } from './paths.ts';
import type { Release } from './release.ts';
import { nameOf, textAt, uidOf } from './value.ts';
import { waitUntil } from './wait-until.ts';

/** A pod of a release that is asked without the API server: its address has to be reachable from here. */
export class Replica {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly #address: string;

  constructor(pod: unknown) {
    this.name = nameOf(pod);
    this.uid = uidOf(pod);
    this.node = textAt(pod, 'spec', 'nodeName');
    this.#address = textAt(pod, 'status', 'podIP');
  }

  async metrics(): Promise<Metrics> {
    return new Metrics(readExposition(await (await this.#get('/metrics')).text()));
  }

  async health(): Promise<unknown> {
    return (await this.#get('/health')).json();
  }

  /** Whether it says that it leads. */
  async leads(): Promise<boolean> {
    return (await this.metrics()).sum('chaos_monkey_leader') === 1;
  }

  #get(path: string): Promise<Response> {
    const signal = AbortSignal.timeout(5_000);
    return fetch(`http://${this.#address}:9000${path}`, { signal });
  }
}

/** The pods of a release that is whole: the one that leads, and the others. */
export async function replicasOf(
  release: Release,
): Promise<{ readonly leader: Replica; readonly followers: readonly Replica[] }> {
  const name = await release.untilLeader();
  const replicas = (await release.pods()).map((pod) => new Replica(pod));
  const [leader] = replicas.filter((replica) => replica.name === name);
  if (leader === undefined) throw new Error(`the leader ${name} is no pod of the release`);
  return { leader, followers: replicas.filter((replica) => replica !== leader) };
}

/** Who holds the lease now: a process, not only a pod; empty while nobody does. */
export async function holderOf({ cluster, namespace, fullName }: Release): Promise<string> {
  const lease = await bodyOf(cluster.client.get(pathOf('leases', namespace, fullName)));
  return textAt(lease, 'spec', 'holderIdentity');
}

/** Waits until somebody holds the lease who is not `before`. @returns milliseconds until then */
export async function untilTakenOver(release: Release, before: string): Promise<number> {
  const begun = performance.now();
  const other = (holder: string) => holder !== '' && holder !== before;
  await waitUntil('another to take over', () => holderOf(release), other, { everyMs: 50 });
  return performance.now() - begun;
}
