// Protocol Buffers wire format: a message as its fields, in order. Mirrors protobuf.dev/programming-guides/encoding.

/** Fixed-width and length-delimited values as bytes, varints as integers. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** Bytes that are no message. */
export class WireFormatError extends Error {
  override readonly name = "WireFormatError";
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const VARINT_BYTES_MAX = 10;

/** Throws WireFormatError. */
export function readWireFields(message: Buffer): readonly WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let index = 0; index < VARINT_BYTES_MAX; index += 1) {
      const byte = message[at];
      if (byte === undefined) throw malformed();
      at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw malformed();
  };
  const bytes = (length: number): Buffer => {
    if (length > message.length - at) throw malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    if (number === 0) throw malformed();
    fields.push({ number, value: readValue(key % 8, varint, bytes) });
  }
  return fields;
}

function readValue(
  type: number,
  varint: () => bigint,
  bytes: (length: number) => Buffer,
): bigint | Buffer {
  switch (type) {
    case VARINT:
      return varint();
    case FIXED64:
      return bytes(8);
    case FIXED32:
      return bytes(4);
    case BYTES:
      return bytes(Number(varint()));
    default:
      throw malformed();
  }
}

function malformed(): WireFormatError {
  return new WireFormatError("the bytes are no protobuf message");
}
