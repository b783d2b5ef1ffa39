/**
 * The smallest value that at least this share of all is not above (the nearest-rank method).
 * @param share in (0, 1]
 * @throws RangeError without values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil(share * sorted.length) - 1];
  if (found === undefined) throw new RangeError('no quantile of nothing');
  return found;
}
