import { randomInt } from 'node:crypto';
import { fieldOf, type JsonObject } from '../patch/json.ts';
import { metadataOf, nameOf } from './metadata.ts';

/** No vowels and nothing that looks like another: the API server's alphabet for generated names. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const SUFFIX_LENGTH = 5;

/** A longer prefix is cut, so that the name stays a DNS label. */
const LONGEST_PREFIX = 63 - SUFFIX_LENGTH;

/** Some letters and digits as the API server appends them to generated names. */
export function randomSuffix(length = SUFFIX_LENGTH): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** The object's name, or one made from `metadata.generateName` that is not taken. */
export function generateName(object: JsonObject, isTaken: (name: string) => boolean): string {
  const name = nameOf(object);
  const prefix = fieldOf(metadataOf(object), 'generateName');
  if (name !== '' || typeof prefix !== 'string') return name;
  for (;;) {
    const generated = `${prefix.slice(0, LONGEST_PREFIX)}${randomSuffix()}`;
    if (!isTaken(generated)) return generated;
  }
}
