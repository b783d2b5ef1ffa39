import type { BenchResult } from './bench.ts';
import { type JudgeOptions, judge, type Measurement, type Verdict } from './measurement.ts';

/** A row of the table, and an entry of the JSON. */
export interface Row extends Measurement {
  readonly bench: string;
  readonly verdict: Verdict;
}

export interface Report {
  readonly rows: readonly Row[];
  /** Benches that did not run to their end, and why. */
  readonly broken: readonly { readonly bench: string; readonly error: string }[];
  readonly passed: number;
  /** Bounds that do not hold, and benches that did not run. */
  readonly failed: number;
}

export function makeReport(results: readonly BenchResult[], options: JudgeOptions): Report {
  const rows = results.flatMap(({ name, measurements }) =>
    measurements.map((one) => ({ bench: name, ...one, verdict: judge(one, options) })),
  );
  const broken = results.flatMap(({ name, error }) =>
    error === undefined ? [] : [{ bench: name, error }],
  );
  const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
  return { rows, broken, passed: count('passed'), failed: count('failed') + broken.length };
}

/** The rows in aligned columns, and what did not run below them. */
export function tableText({ rows, broken }: Report): string {
  const cells = [
    ['bench', 'what', 'measured', 'bound', ''],
    ...rows.map((row) => [
      row.bench,
      row.what,
      amount(row.value, row),
      boundText(row),
      row.verdict === 'told' ? '' : row.verdict,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, at) =>
        at === 2 || at === 3 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...broken.map(({ bench, error }) => `${bench} did not run: ${error}`)].join(
    '\n',
  );
}

function amount(value: number, { unit }: Measurement): string {
  if (unit === 'count') return value.toLocaleString('en');
  return `${value.toFixed(unit === 's' ? 2 : 1)} ${unit}`;
}

function boundText(row: Measurement): string {
  const { atMost, atLeast, unit } = row;
  const text = (value: number) =>
    unit === 'count' ? value.toLocaleString('en') : `${value} ${unit}`;
  if (atMost !== undefined) return `≤ ${text(atMost)}`;
  return atLeast === undefined ? '' : `≥ ${text(atLeast)}`;
}
