import { ChaosError } from '../runtime/errors.ts';

/** A List without its items. */
export interface ListEnvelope {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: unknown;
}

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

  /** Bytes of the text held at present. */
  get heldBytes(): number {
    return [...this.#item, ...this.#envelope].reduce((sum, { length }) => sum + length, 0);
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
          if (this.#inItems && this.#depth === ITEM_DEPTH) {
            this.#envelope.push(chunk.slice(from, at));
            from = at;
          }
          this.#depth += 1;
          if (byte === OPEN_BRACKET && this.#depth === ITEM_DEPTH && this.#isItemsKey())
            this.#inItems = true;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#depth -= 1;
          if (this.#inItems && this.#depth === ITEM_DEPTH) {
            this.#item.push(chunk.slice(from, at + 1));
            from = at + 1;
            yield this.#takeItem();
          } else if (this.#inItems && this.#depth < ITEM_DEPTH) this.#inItems = false;
          break;
        case COMMA:
          if (this.#inItems && this.#depth === ITEM_DEPTH) {
            this.#envelope.push(chunk.slice(from, at));
            from = at + 1;
          }
          break;
        default:
      }
    }
    const inItem = this.#inItems && this.#depth > ITEM_DEPTH;
    (inItem ? this.#item : this.#envelope).push(chunk.slice(from));
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

  #takeItem(): unknown {
    const item = this.#item;
    this.#item = [];
    return parse(item, 'an item of a List');
  }
}

function parse(parts: readonly Uint8Array[], what: string): unknown {
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `expected ${what} in JSON, got ${text.length} bytes that end in "${text.slice(-40)}"`;
    throw new ChaosError('ERR_KUBERNETES_RESPONSE', message, { cause });
  }
}
