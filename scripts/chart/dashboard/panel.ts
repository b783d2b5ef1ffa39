/** One query of a panel. */
export interface Query {
  /** PromQL; `$instance` are the chosen replicas. */
  readonly expr: string;
  /** Name of a series: `{{namespace}}`. */
  readonly legend: string;
}

/** What is shown, and how. */
export interface Panel {
  readonly title: string;
  readonly type: 'gauge' | 'bargauge' | 'barchart' | 'timeseries' | 'stat';
  readonly description?: string;
  /** Grafana's name of the unit. Default: a plain number. */
  readonly unit?: string;
  readonly queries: readonly Query[];
}

/** Panels below a title. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Samples of a metric, of the chosen replicas. */
export function metric(name: string, matchers = ''): string {
  return `chaos_monkey_${name}{instance=~"$instance"${matchers === '' ? '' : `, ${matchers}`}}`;
}

/** Sum over replicas; followers count nothing, so it does not matter which of them was asked. */
export function sum(samples: string, ...by: readonly string[]): string {
  return by.length === 0 ? `sum(${samples})` : `sum by (${by.join(', ')}) (${samples})`;
}

/** How often a counter counts, over the time that suits the picture. */
export function perMinute(name: string, ...by: readonly string[]): string {
  return `60 * ${sum(rate(name), ...by)}`;
}

/** How much the sum of one counter grows for each that another counts. */
export function average(of: string, count: string, ...by: readonly string[]): string {
  return `${sum(rate(of), ...by)} / (${sum(rate(count), ...by)} > 0)`;
}

/** The median of a histogram, of what was observed lately. */
export function median(name: string, ...by: readonly string[]): string {
  return `histogram_quantile(0.5, ${sum(rate(`${name}_bucket`), 'le', ...by)})`;
}

function rate(name: string): string {
  return `rate(${metric(name)}[$__rate_interval])`;
}
