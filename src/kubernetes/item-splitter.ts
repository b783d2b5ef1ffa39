import { ChaosError } from '../runtime/errors.ts';

/** A List without its items. */
export interface ListEnvelope {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: unknown;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** Depth of the elements of the list's `items`: within the object, within the array. */
const ITEM_DEPTH = 2;

/**
 * Cuts the JSON of a List into its items as the bytes come, so that never more than one item and the
 * envelope are held as text, however long the list.
 *
 * It counts brackets outside strings; an item is an object at depth 2 inside the array that follows the
 * key "items". All bytes of JSON's syntax are below 0x80, so a character cut in two by a chunk's end
 * disturbs nothing.
 */
export class ItemSplitter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last string at depth 1, to know whose array begins. */
  #key: number[] = [];
  #inItems = false;
  #item: Uint8Array[] = [];
  #envelope: Uint8Array[] = [];

  /** Bytes of memory that what is kept holds at present. */
  get heldBytes(): number {
    return [...this.#item, ...this.#envelope].reduce(
      (sum, { buffer }) => sum + buffer.byteLength,
      0,
    );
  }

  /** Takes the next bytes and yields the items that end in them. @throws ChaosError ERR_KUBERNETES_RESPONSE */
  *push(chunk: Uint8Array): Generator<unknown> {
    /** Where what is not yet kept begins. */
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) {
        this.#readString(byte);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          if (this.#depth === 1) this.#key = [];
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (this.#isBetweenItems()) {
            this.#keep(this.#envelope, chunk.subarray(from, at));
            from = at;
          }
          this.#depth += 1;
          if (byte === OPEN_BRACKET && this.#depth === ITEM_DEPTH && this.#isItemsKey()) {
            this.#inItems = true;
            this.#keep(this.#envelope, chunk.subarray(from, at + 1));
            from = at + 1;
          }
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#depth -= 1;
          if (this.#isBetweenItems()) {
            yield this.#takeItem(chunk.subarray(from, at + 1));
            from = at + 1;
          } else if (this.#inItems && this.#depth < ITEM_DEPTH) this.#inItems = false;
          break;
        case COMMA:
          if (this.#isBetweenItems()) {
            this.#keep(this.#envelope, chunk.subarray(from, at));
            from = at + 1;
          }
          break;
        default:
      }
    }
    const inItem = this.#inItems && this.#depth > ITEM_DEPTH;
    this.#keep(inItem ? this.#item : this.#envelope, chunk.subarray(from));
  }

  /** After the last byte: the list without its items. @throws ChaosError ERR_KUBERNETES_RESPONSE when it is cut off */
  end(): ListEnvelope {
    return parse(this.#envelope, 'a List') as ListEnvelope;
  }

  #readString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (this.#depth === 1 && this.#key.length <= 'items'.length) this.#key.push(byte);
  }

  #isItemsKey(): boolean {
    return String.fromCharCode(...this.#key) === 'items';
  }

  #isBetweenItems(): boolean {
    return this.#inItems && this.#depth === ITEM_DEPTH;
  }

  /** Keeps a copy, as a view of it would hold the whole chunk in memory; no blanks between items. */
  #keep(parts: Uint8Array[], bytes: Uint8Array): void {
    const isBlank =
      parts === this.#envelope && this.#inItems && bytes.every((byte) => byte <= SPACE);
    if (bytes.length > 0 && !isBlank) parts.push(new Uint8Array(bytes));
  }

  #takeItem(end: Uint8Array): unknown {
    const item = [...this.#item, end];
    this.#item = [];
    return parse(item, 'an item of a List');
  }
}

function parse(parts: readonly Uint8Array[], what: string): unknown {
  const text = decode(parts);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `expected ${what} in JSON, got ${text.length} characters that end in "${text.slice(-40)}"`;
    throw new ChaosError('ERR_KUBERNETES_RESPONSE', message, { cause });
  }
}

/** Most items lie in one chunk and need no copy. */
function decode(parts: readonly Uint8Array[]): string {
  const [only] = parts;
  if (only === undefined || parts.length > 1) return Buffer.concat(parts).toString('utf8');
  return Buffer.from(only.buffer, only.byteOffset, only.byteLength).toString('utf8');
}
