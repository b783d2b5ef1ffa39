import { type Random, randomInteger } from '../../runtime/random.ts';
import { canonicalJson, type JsonObject } from '../patch/json.ts';

/** No vowels and nothing that looks like another character: names that spell nothing. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const SUFFIX_LENGTH = 5;

/** The longest base of a generated name: 63 with its suffix. */
const LONGEST_BASE = 58;

/** A name as `generateName` makes it: the base and five characters. */
export function generateName(base: string, random: Random): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () =>
    ALPHABET.charAt(randomInteger(random, ALPHABET.length)),
  );
  return base.slice(0, LONGEST_BASE) + suffix.join('');
}

/** The `pod-template-hash` of a pod template: the same for the same content. */
export function templateHash(template: JsonObject): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(canonicalJson(template))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)]
    .map((digit) => ALPHABET.charAt(digit.charCodeAt(0) % ALPHABET.length))
    .join('');
}
