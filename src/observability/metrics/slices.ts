import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FamilySource } from './series-table.ts';

/** How many rows are rendered in one go: 250 take a quarter of a millisecond, histograms two. */
export const ROWS_PER_SLICE = 250;

/**
 * Renders sources a slice at a time and lets the event loop turn after each, so that a scrape of many
 * thousand series holds up nothing for long.
 * @param turn waits for the event loop to go round once
 */
export async function* renderInSlices(
  sources: Iterable<FamilySource>,
  turn: () => Promise<unknown> = () => nextTurn(),
): AsyncGenerator<string> {
  let slice: string[] = [];
  for (const source of sources) {
    for (const text of source.texts()) {
      if (slice.push(text) < ROWS_PER_SLICE) continue;
      yield slice.join('');
      slice = [];
      await turn();
    }
  }
  if (slice.length > 0) yield slice.join('');
}
