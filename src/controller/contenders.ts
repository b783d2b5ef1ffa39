/** One of several configurations that want the same deployment. */
export interface Contender {
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * Which configuration works on which deployment of one namespace: the oldest of those that may; of two
 * made in the same second, the one with the smaller UID.
 */
export class Contenders<C extends Contender> {
  readonly #byDeployment = new Map<string, C[]>();

  /** The configuration that works on the deployment. */
  winner(deployment: string): C | undefined {
    return this.#byDeployment.get(deployment)?.[0];
  }

  /** Those that want the deployment and do not get it. */
  losers(deployment: string): readonly C[] {
    return this.#byDeployment.get(deployment)?.slice(1) ?? [];
  }

  add(deployment: string, contender: C): void {
    const line = this.#byDeployment.get(deployment) ?? [];
    this.#byDeployment.set(deployment, line);
    line.splice(place(line, contender), 0, contender);
  }

  remove(deployment: string, contender: C): void {
    const line = this.#byDeployment.get(deployment) ?? [];
    const index = place(line, contender);
    if (line[index] === contender) line.splice(index, 1);
    if (line.length === 0) this.#byDeployment.delete(deployment);
  }
}

/** The index of the first in line that is not before `contender`, by bisection. */
function place<C extends Contender>(line: readonly C[], contender: C): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = line[middle];
    if (other !== undefined && isBefore(other, contender)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(a: Contender, b: Contender): boolean {
  return a.createdAt === b.createdAt ? a.uid < b.uid : a.createdAt < b.createdAt;
}
