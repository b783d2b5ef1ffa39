import type { Pod } from '../kubernetes/resources/pods.ts';
import { type Random, randomInteger } from '../runtime/random.ts';

/** Pods sorted by what can happen to them. */
export interface Candidates {
  /** Ready and not terminating, oldest first, then by name: the same order on every machine. */
  readonly ready: readonly Pod[];
  readonly terminating: number;
  readonly unready: number;
}

/** Sorts the pods that belong to a deployment and match its selector. */
export function sortCandidates(pods: Iterable<Pod>, matches: (pod: Pod) => boolean): Candidates {
  const ready: Pod[] = [];
  let terminating = 0;
  let unready = 0;
  for (const pod of pods) {
    if (!matches(pod)) continue;
    if (pod.terminating) terminating += 1;
    else if (pod.ready) ready.push(pod);
    else unready += 1;
  }
  return { ready: ready.sort(byAgeThenName), terminating, unready };
}

/** Draws one of the pods; undefined when there is none. */
export function drawVictim(ready: readonly Pod[], random: Random): Pod | undefined {
  return ready[randomInteger(random, ready.length)];
}

/** `no pod of 3 is ready: 1 terminating, 2 not ready` */
export function describeCandidates({ ready, terminating, unready }: Candidates): string {
  const total = ready.length + terminating + unready;
  return `${ready.length} of ${total} pods ready, ${unready} not ready, ${terminating} terminating`;
}

function byAgeThenName(a: Pod, b: Pod): number {
  return a.createdAt - b.createdAt || compareText(a.metadata.name, b.metadata.name);
}

/** By UTF-16 code units: the same order whatever the machine's locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
