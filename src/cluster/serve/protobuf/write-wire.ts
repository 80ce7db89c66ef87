// Protocol Buffers wire format, written: the fields a message is made of. Mirrors protobuf.dev/programming-guides/encoding.

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

export function bytesField(number: number, value: Buffer): Buffer {
  return Buffer.concat([key(number, BYTES), varint(value.length), value]);
}

export function textField(number: number, value: string): Buffer {
  return bytesField(number, Buffer.from(value));
}

/** Of whole numbers from 0 on. */
export function integerField(number: number, value: number): Buffer {
  return Buffer.concat([key(number, VARINT), varint(value)]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(number, FIXED64), bytes]);
}

function key(number: number, type: number): Buffer {
  return varint(number * 8 + type);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
