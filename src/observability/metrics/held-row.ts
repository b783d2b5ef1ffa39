import type { SeriesRow } from './series-row.ts';
import type { SeriesTable } from './series-table.ts';

/**
 * A watcher's hold on the row of its labels. Watchers with the same labels share the row: they count
 * into the same counters, and a gauge is the sum of their shares. Once disposed of it does nothing.
 */
export class HeldRow<K extends string> implements Disposable {
  readonly #table: SeriesTable<K>;
  readonly #row: SeriesRow<K>;
  /** What this holder has put into gauges. */
  readonly #shares: Partial<Record<K, number>> = {};
  #held = true;

  constructor(table: SeriesTable<K>, ...labels: readonly string[]) {
    this.#table = table;
    this.#row = table.acquire(...labels);
  }

  [Symbol.dispose](): void {
    if (!this.#held) return;
    for (const key in this.#shares) this.share(key, 0);
    this.#held = false;
    this.#table.release(this.#row);
  }

  protected get(key: K): number {
    return this.#row.get(key);
  }

  protected add(key: K, amount: number, variant?: number): void {
    if (this.#held) this.#row.add(key, amount, variant);
  }

  protected set(key: K, value: number): void {
    if (this.#held) this.#row.set(key, value);
  }

  protected observe(key: K, value: number): void {
    if (this.#held) this.#row.observe(key, value);
  }

  /** Makes this holder's share of a gauge `value`. */
  protected share(key: K, value: number): void {
    this.add(key, value - (this.#shares[key] ?? 0));
    this.#shares[key] = value;
  }

  /** Changes this holder's share of a gauge. */
  protected shareMore(key: K, delta: number): void {
    this.share(key, (this.#shares[key] ?? 0) + delta);
  }
}
