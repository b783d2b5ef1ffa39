import { type Suite, suite } from '../bench.ts';
import { flips } from './flips.ts';
import { memory } from './memory.ts';
import { openRealScene } from './scene.ts';
import { start } from './start.ts';
import { watches } from './watches.ts';

/** In the order they run: what comes first leaves the scene as the next one wants it. */
export const REAL_BENCHES = [start, watches, memory, flips];

const NAMESPACES = 1_000;

export interface RealSuiteOptions {
  /** The bundle. */
  readonly program: string;
  /** Whether what is made in the cluster stays there. */
  readonly keep: boolean;
}

/** What is measured on the cluster that KUBECONFIG names. */
export function realSuite({ program, keep }: RealSuiteOptions): Suite {
  return suite(
    (signal) => openRealScene({ program, keep, namespaces: NAMESPACES }, signal),
    REAL_BENCHES,
  );
}
