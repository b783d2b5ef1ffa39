import type { Measurement } from './measurement.ts';

/** One bench of a scene: it measures, and leaves the scene as it found it. */
export interface Bench<S> {
  /** As `--only` takes it. */
  readonly name: string;
  /** @throws when it could not be measured, which fails it */
  run(scene: S, signal: AbortSignal): Promise<readonly Measurement[]>;
}

/** What one bench found, or why it did not run. */
export interface BenchResult {
  readonly name: string;
  readonly measurements: readonly Measurement[];
  /** Why there are none. */
  readonly error?: string;
}

/** Runs those of its benches that are named, in order, and tells of each as soon as it is done. */
export type Suite = (
  names: ReadonlySet<string>,
  tell: (result: BenchResult) => void,
  signal: AbortSignal,
) => Promise<void>;

/** What is told to have failed when a scene could not be cleared away. */
const CLEANING_UP = 'cleaning up';

/**
 * A suite of benches that share what is dear to set up: a cluster full of objects, and a controller on it.
 * A bench that fails does not stop the next; a scene that cannot be set up fails them all.
 */
export function suite<S extends AsyncDisposable>(
  open: (signal: AbortSignal) => Promise<S>,
  benches: readonly Bench<S>[],
): Suite {
  return async (names, tell, signal) => {
    const waiting = benches.filter(({ name }) => names.has(name));
    if (waiting.length === 0) return;
    try {
      await using scene = await open(signal);
      for (let bench = waiting.shift(); bench !== undefined; bench = waiting.shift()) {
        tell(await attempt(bench, scene, signal));
      }
    } catch (error) {
      signal.throwIfAborted();
      const names = waiting.map(({ name }) => name);
      for (const name of names.length === 0 ? [CLEANING_UP] : names) {
        tell({ name, measurements: [], error: describe(error) });
      }
    }
  };
}

async function attempt<S>(bench: Bench<S>, scene: S, signal: AbortSignal): Promise<BenchResult> {
  const { name } = bench;
  try {
    return { name, measurements: await bench.run(scene, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { name, measurements: [], error: describe(error) };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
