/** One number that a bench found, and what it may be. */
export interface Measurement {
  /** What was measured: `start to all 1,000 watchers active`. */
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** The most it may be; absent for what is only told. */
  readonly atMost?: number;
  /** The least it may be. */
  readonly atLeast?: number;
}

/** A `count` is the same on every machine; times and resident memory are not. */
export type Unit = 's' | 'ms' | 'MiB' | 'count';

/** What became of a measurement: `told` when it has no bound, or none that counts on this machine. */
export type Verdict = 'passed' | 'failed' | 'told';

export interface JudgeOptions {
  /** Whether all but counts is only told: for machines that are shared. */
  readonly countsOnly: boolean;
}

/** Judges one measurement; what is no number has failed its bound. */
export function judge(
  { value, unit, atMost, atLeast }: Measurement,
  { countsOnly }: JudgeOptions,
): Verdict {
  if (atMost === undefined && atLeast === undefined) return 'told';
  if (countsOnly && unit !== 'count') return 'told';
  const holds =
    value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
  return holds ? 'passed' : 'failed';
}
