import { familyHeader, labelText } from './exposition.ts';
import type { Family } from './family.ts';
import { layOut, type RowLayout, SeriesRow } from './series-row.ts';

/** Anything that renders whole families, a few lines at a time. */
export interface FamilySource {
  /** Texts of whole lines, each of one row or one header. */
  texts(): Iterable<string>;
}

/**
 * Families with the same labels: a row per label set, a column per family.
 *
 * A row that is acquired lasts until it has been released as often; a row got by `row` lasts for ever,
 * and is for label sets of which there are few.
 */
export class SeriesTable<K extends string> implements FamilySource {
  readonly #labelNames: readonly string[];
  readonly #layout: RowLayout<K>;
  readonly #rows = new Map<string, SeriesRow<K>>();
  /**
   * Whether a family without a series shows one of empty labels at 0, so that its name is there whatever a
   * replica watches, and whether it acts or stands by. Default: no.
   */
  showsEmptyFamilies = false;

  constructor(labelNames: readonly string[], families: ReadonlyMap<K, Family>) {
    this.#labelNames = labelNames;
    this.#layout = layOut(families);
  }

  /** How many label sets there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** @param values of the labels, in the order of their names */
  row(...values: readonly string[]): SeriesRow<K> {
    const labels = labelText(this.#labelNames, values);
    const known = this.#rows.get(labels);
    if (known) return known;
    const row = new SeriesRow(this.#layout, labels);
    this.#rows.set(labels, row);
    return row;
  }

  acquire(...values: readonly string[]): SeriesRow<K> {
    const row = this.row(...values);
    row.references++;
    return row;
  }

  /** Gives back what `acquire` gave; the last one takes the series away. */
  release(row: SeriesRow<K>): void {
    if (--row.references === 0) this.#rows.delete(row.labels);
  }

  /** Families without a series are left out, unless shown empty. Rows may come and go between two texts. */
  *texts(): Generator<string> {
    const empty = this.#emptyRow();
    for (const [key, { family }] of this.#layout.columns) {
      let header = familyHeader(family.name, family.help, family.type);
      for (const row of this.#rows.values()) {
        const lines = row.lines(key);
        if (lines.length === 0) continue;
        yield header + lines.join('');
        header = '';
      }
      if (header !== '' && empty !== undefined) yield header + empty.lines(key).join('');
    }
  }

  #emptyRow(): SeriesRow<K> | undefined {
    if (!this.showsEmptyFamilies) return undefined;
    const row = new SeriesRow(this.#layout, labelText(this.#labelNames, []));
    row.openHistograms();
    return row;
  }
}

/** A table from an object: `seriesTable(['namespace'], { restarts: counter(…) })`. */
export function seriesTable<const F extends Readonly<Record<string, Family>>>(
  labelNames: readonly string[],
  families: F,
): SeriesTable<Extract<keyof F, string>> {
  // Object.entries types its keys as plain strings.
  const entries = Object.entries(families) as [Extract<keyof F, string>, Family][];
  return new SeriesTable(labelNames, new Map(entries));
}
