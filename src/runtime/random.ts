import seedrandom from 'seedrandom';

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/**
 * The stream that belongs to these parts, the same on every machine: it is how two runs with the same
 * seed choose the same victims. Parts are joined unambiguously, so ("a","bc") and ("ab","c") differ.
 */
export function randomStream(...parts: readonly (string | number)[]): Random {
  return seedrandom(JSON.stringify(parts));
}

/** An integer in [0, bound). @param bound at least 1 */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}
