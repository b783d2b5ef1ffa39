/** The sum of all samples of a metric in a scrape; 0 without one. @param labels text that the labels contain */
export function sumOf(scrape: string, metric: string, labels = ''): number {
  return valuesOf(scrape, metric, labels).reduce((sum, value) => sum + value, 0);
}

/** How many watchers of deployments the gauges of a controller's scrape say run. */
export function activeWatchersIn(scrape: string): number {
  return ['pw', 'dw', 'ah']
    .map((kind) => sumOf(scrape, `chaos_monkey_crdwatcher_${kind}_active`))
    .reduce((sum, count) => sum + count);
}

/** The values of all samples of a metric, in the order of the scrape. */
function valuesOf(scrape: string, metric: string, labels: string): number[] {
  const values: number[] = [];
  for (const line of linesOf(scrape)) {
    if (!line.startsWith(metric) || !line.includes(labels)) continue;
    const next = line.charAt(metric.length);
    if (next === '{' || next === ' ') values.push(Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return values;
}

/** The sums of a metric's samples by one of their labels. */
export function sumsBy(
  scrape: string,
  metric: string,
  label: string,
  labels = '',
): Map<string, number> {
  const sums = new Map<string, number>();
  const pattern = new RegExp(`[{,]${label}="([^"]*)"`);
  for (const line of linesOf(scrape)) {
    if (!line.startsWith(`${metric}{`) || !line.includes(labels)) continue;
    const key = pattern.exec(line)?.[1] ?? '';
    sums.set(key, (sums.get(key) ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return sums;
}

/** What a histogram says: how many observations were at most each bound, by bound, ascending. */
export type Buckets = readonly (readonly [bound: number, count: number])[];

export function bucketsOf(scrape: string, metric: string): Buckets {
  const sums = sumsBy(scrape, `${metric}_bucket`, 'le');
  return [...sums]
    .map(
      ([bound, count]) =>
        [bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), count] as const,
    )
    .sort(([a], [b]) => a - b);
}

/**
 * The quantile that a histogram's buckets tell, interpolated in its bucket as Prometheus' histogram_quantile
 * does; so it is above a bucket's bound exactly when the true one is.
 */
export function bucketQuantile(buckets: Buckets, share: number): number {
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return Number.NaN;
  const rank = share * total;
  let lower = 0;
  let below = 0;
  for (const [bound, count] of buckets) {
    if (count >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
      return lower + (bound - lower) * ((rank - below) / (count - below));
    }
    lower = bound;
    below = count;
  }
  return Number.NaN;
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
    yield text.slice(from, end);
    from = end + 1;
  }
}
