import { until } from '../support/until.ts';

/** A controller, wherever it runs. */
export interface StartingProgram {
  /** `total_watchers` of /health: the cheapest number there is. */
  totalWatchers(): Promise<number>;
  /** How many watchers of deployments the gauges say run. */
  activeWatchers(): Promise<number>;
}

export interface StartOptions {
  /** Opted-in namespaces, each with one configuration that has a deployment. */
  readonly namespaces: number;
  readonly timeoutMs: number;
}

/**
 * Waits until the gauges say that the watchers of all configurations are active. /health, which costs
 * nothing, is asked until it says so, then /metrics.
 * @returns when that was, by `performance.now()`
 */
export async function untilActive(
  program: StartingProgram,
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
  return performance.now();
}

/** How long it took from the start of the process until then, ms. */
export async function measureStart(
  program: StartingProgram & { readonly startedAt: number },
  options: StartOptions,
  signal: AbortSignal,
): Promise<number> {
  return (await untilActive(program, options, signal)) - program.startedAt;
}
