import type { JsonObject } from '../patch/json.ts';

/** What a body was found to be. */
export interface Decoded {
  readonly object: JsonObject;
  /** What strict reading finds fault with: `unknown field "spec.foo"`. */
  readonly faults: readonly string[];
}

/**
 * Reads an object as a kind is declared: unknown fields are left out and told, fields of another type
 * refused.
 * @throws StatusError 400 for a built-in kind that holds something of the wrong type
 */
export type Decode = (object: JsonObject) => Decoded;
