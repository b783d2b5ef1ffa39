import { type Suite, suite } from '../bench.ts';
import { manyNamespaces } from './many-namespaces.ts';
import { manyPods } from './many-pods.ts';
import { openSimulatedScene } from './scene.ts';
import type { SimulatedContent } from './seed-simulated.ts';
import { ticks, ticksAtOnce } from './ticks.ts';

export const SIMULATED_BENCHES = [manyNamespaces, ticks, ticksAtOnce, manyPods];

const MANY_NAMESPACES: SimulatedContent = {
  namespaces: 10_000,
  podsEach: 0,
  timeout: '1h',
  configurations: 'new',
};

const MANY_PODS: SimulatedContent = {
  namespaces: 5_000,
  podsEach: 10,
  timeout: '1h',
  configurations: 'new',
};

/** Overdue ones are spread over their timeout, so this is what goes on in a cluster that has run for a while. */
const OFTEN: SimulatedContent = {
  namespaces: 1_000,
  podsEach: 3,
  timeout: '10s',
  configurations: 'overdue',
};

/** New ones are all due a timeout after the start. */
const AT_ONCE: SimulatedContent = { ...OFTEN, configurations: 'new' };

/** What is measured on simulated clusters, each in a process of its own. @param program the bundle */
export function simulatedSuites(program: string): readonly Suite[] {
  const on = (content: SimulatedContent) => (signal: AbortSignal) =>
    openSimulatedScene(program, content, signal);
  return [
    suite(on(MANY_NAMESPACES), [manyNamespaces]),
    suite(on(OFTEN), [ticks]),
    suite(on(AT_ONCE), [ticksAtOnce]),
    suite(on(MANY_PODS), [manyPods]),
  ];
}
