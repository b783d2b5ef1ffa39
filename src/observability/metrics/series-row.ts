import { labelText, numberText, sample } from './exposition.ts';
import type { Family, HistogramFamily, NumberFamily } from './family.ts';

/** Where a family's numbers lie in a row. */
export interface Column {
  readonly family: Family;
  /** The first cell of a number family; the place among the histograms of a histogram family. */
  readonly offset: number;
}

/** The columns of a table by key, with how many cells a row of it has. */
export interface RowLayout<K extends string> {
  readonly columns: ReadonlyMap<K, Column>;
  readonly cells: number;
}

/** Lays families out; a number family takes a cell for each of its variants. */
export function layOut<K extends string>(families: ReadonlyMap<K, Family>): RowLayout<K> {
  const columns = new Map<K, Column>();
  let cells = 0;
  let histograms = 0;
  for (const [key, family] of families) {
    if (family.type === 'histogram') {
      columns.set(key, { family, offset: histograms++ });
    } else {
      columns.set(key, { family, offset: cells });
      cells += family.variants?.values.length ?? 1;
    }
  }
  return { columns, cells };
}

/**
 * The numbers of one label set in all families of a table. They lie in one array, whatever the number
 * of families; a histogram's counts are made with its first observation.
 */
export class SeriesRow<K extends string> {
  /** As {@link labelText} gives them. */
  readonly labels: string;
  /** How many watchers hold this row. */
  references = 0;
  readonly #layout: RowLayout<K>;
  readonly #cells: number[];
  /** By offset: the count of each bucket, not cumulated, that of `+Inf`, the sum. */
  readonly #histograms: number[][] = [];

  constructor(layout: RowLayout<K>, labels: string) {
    this.#layout = layout;
    this.labels = labels;
    this.#cells = new Array<number>(layout.cells).fill(0);
  }

  get(key: K, variant = 0): number {
    return this.#cells[this.#column(key).offset + variant] ?? 0;
  }

  set(key: K, value: number): void {
    this.#cells[this.#column(key).offset] = value;
  }

  /** @param variant index among the family's variants */
  add(key: K, amount: number, variant = 0): void {
    const at = this.#column(key).offset + variant;
    this.#cells[at] = (this.#cells[at] ?? 0) + amount;
  }

  observe(key: K, value: number): void {
    const { family, offset } = this.#column(key);
    if (family.type !== 'histogram') throw new TypeError(`${family.name} is no histogram`);
    const { buckets } = family;
    const counts = this.#histograms[offset] ?? new Array<number>(buckets.length + 2).fill(0);
    this.#histograms[offset] = counts;
    const bucket = buckets.findIndex((bound) => value <= bound);
    const at = bucket === -1 ? buckets.length : bucket;
    counts[at] = (counts[at] ?? 0) + 1;
    counts[buckets.length + 1] = (counts[buckets.length + 1] ?? 0) + value;
  }

  /** Gives every histogram its buckets, before its first observation. */
  openHistograms(): void {
    for (const { family, offset } of this.#layout.columns.values()) {
      if (family.type === 'histogram') {
        this.#histograms[offset] ??= new Array<number>(family.buckets.length + 2).fill(0);
      }
    }
  }

  /** The lines of this row in the family `key`. */
  lines(key: K): string[] {
    const { family, offset } = this.#column(key);
    return family.type === 'histogram'
      ? this.#histogramLines(family, this.#histograms[offset])
      : this.#numberLines(family, offset);
  }

  #numberLines({ name, variants }: NumberFamily, offset: number): string[] {
    if (variants === undefined) return [sample(name, this.labels, '', this.#cells[offset] ?? 0)];
    return variants.values.map((value, at) =>
      sample(
        name,
        this.labels,
        labelText([variants.label], [value]),
        this.#cells[offset + at] ?? 0,
      ),
    );
  }

  #histogramLines({ name, buckets }: HistogramFamily, counts: readonly number[] | undefined) {
    if (counts === undefined) return [];
    let count = 0;
    const lines = [...buckets, Number.POSITIVE_INFINITY].map((bound, at) => {
      count += counts[at] ?? 0;
      return sample(`${name}_bucket`, this.labels, `le="${numberText(bound)}"`, count);
    });
    lines.push(sample(`${name}_sum`, this.labels, '', counts[buckets.length + 1] ?? 0));
    lines.push(sample(`${name}_count`, this.labels, '', count));
    return lines;
  }

  #column(key: K): Column {
    const column = this.#layout.columns.get(key);
    if (column === undefined) throw new TypeError(`no family ${key} in this table`);
    return column;
  }
}
