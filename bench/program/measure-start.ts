import { until } from '../support/until.ts';
import type { ControllerProcess } from './controller-process.ts';

export interface StartOptions {
  /** Opted-in namespaces, each with one configuration that has a deployment. */
  readonly namespaces: number;
  readonly timeoutMs: number;
}

/**
 * How long it took from the start of the process until the gauges said that the watchers of all
 * configurations are active, ms. /health, which costs nothing, is asked until it says so, then /metrics.
 */
export async function measureStart(
  program: ControllerProcess,
  { namespaces, timeoutMs }: StartOptions,
  signal: AbortSignal,
): Promise<number> {
  /** The namespace watcher, a configuration watcher for each namespace, and its child. */
  const total = 1 + 2 * namespaces;
  await until(
    `${total} watchers in /health`,
    () => program.totalWatchers(),
    (found) => found === total,
    { everyMs: 20, timeoutMs },
    signal,
  );
  const active = await program.activeWatchers();
  if (active !== namespaces) throw new Error(`/metrics says ${active} active, not ${namespaces}`);
  return performance.now() - program.startedAt;
}
