/** The right to act, for as long as it is surely ours. */
export interface Leadership {
  /** Aborts when the lease is lost or about to be, is to be released, or the program ends. */
  readonly signal: AbortSignal;
  /**
   * How long the lease is surely ours, ms, by the monotonic clock; 0 or less: another may have it. Infinite
   * where nobody else can.
   */
  remainingMs(): number;
  /**
   * How far our clock is ahead of that of whoever led before, ms; below 0 it is behind. 0: it is the same
   * clock, or nobody knows. Absent is 0.
   */
  readonly clockLeadMs?: number;
  /**
   * Told that a write is sent which the API server may carry out for so long, ms; the result is called once
   * its answer is known. Until then, or until the time is over, the lease is not given to others.
   */
  sending?(forMs: number): () => void;
}

/** A leadership nobody contests, for a program without election. */
export function undisputed(signal: AbortSignal): Leadership {
  return { signal, remainingMs: () => Number.POSITIVE_INFINITY };
}
