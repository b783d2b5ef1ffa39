/** One field of a message as it is on the wire. */
export interface WireField {
  readonly number: number;
  /** A varint or fixed number, or the bytes of everything else. */
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** Reads the fields of a message in their order. @throws RangeError for what is no message */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a varint of more than 10 bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at)
      throw new RangeError(`${length} bytes announced, ${bytes.length - at} left`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        yield { number, value: varint() };
        break;
      case BYTES:
        yield { number, value: take(Number(varint())) };
        break;
      case FIXED_64:
        yield { number, value: take(8) };
        break;
      case FIXED_32:
        yield { number, value: take(4) };
        break;
      default:
        throw new RangeError(`wire type ${tag & 7} of field ${number}`);
    }
  }
}

/** The first field of a number. */
export function wireField(bytes: Uint8Array, number: number): WireField['value'] | undefined {
  for (const field of wireFields(bytes)) if (field.number === number) return field.value;
  return undefined;
}
