/** A metric family whose series are single numbers. */
export interface NumberFamily {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  /** A label whose few values are known: each row has a series for each of them, 0 at first. */
  readonly variants?: { readonly label: string; readonly values: readonly string[] };
}

/** A metric family whose series are histograms. */
export interface HistogramFamily {
  readonly type: 'histogram';
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending, without `+Inf`. */
  readonly buckets: readonly number[];
}

export type Family = NumberFamily | HistogramFamily;

export function counter(
  name: string,
  help: string,
  variants?: NumberFamily['variants'],
): NumberFamily {
  return { type: 'counter', name, help, ...(variants && { variants }) };
}

export function gauge(name: string, help: string): NumberFamily {
  return { type: 'gauge', name, help };
}

export function histogram(name: string, help: string, buckets: readonly number[]): HistogramFamily {
  return { type: 'histogram', name, help, buckets };
}
