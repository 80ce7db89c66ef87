// Reads DER (ITU-T X.690, section 10): just what a request for a certificate is made of.

export interface DerValue {
  /** The identifier octet: class, form and number. */
  readonly tag: number;
  readonly content: Buffer;
  /** With its tag and length. */
  readonly whole: Buffer;
}

export class DerError extends Error {
  override readonly name = "DerError";
}

/** The one value that fills the bytes. */
export function readDer(bytes: Buffer): DerValue {
  const value = valueAt(bytes, 0);
  if (value.whole.length !== bytes.length) throw new DerError("asn1: syntax error: trailing data");
  return value;
}

/** The members of a sequence, a set, or a tagged value that holds one. */
export function membersOf({ content }: DerValue): readonly DerValue[] {
  const members: DerValue[] = [];
  for (let at = 0; at < content.length;) {
    const member = valueAt(content, at);
    members.push(member);
    at += member.whole.length;
  }
  return members;
}

/** `1.2.840.10045.4.3.2` */
export function objectIdentifier({ tag, content }: DerValue): string {
  if (tag !== 0x06 || content.length === 0) throw new DerError("asn1: structure error: no OID");
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if ((octet & 0x80) !== 0) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)));
    arcs.push(arcs.length === 1 ? arc - (arcs[0] ?? 0) * 40 : arc);
    arc = 0;
  }
  return arcs.join(".");
}

/** Of any of the string types a name may be written in. */
export function textOf({ tag, content }: DerValue): string {
  if (tag !== BMP_STRING) return content.toString(tag === UTF8_STRING ? "utf8" : "latin1");
  return Buffer.from(content).swap16().toString("utf16le");
}

const UTF8_STRING = 0x0c;
const BMP_STRING = 0x1e;

function valueAt(bytes: Buffer, at: number): DerValue {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw truncated();
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  // Four bytes count further than any message goes.
  if (first === 0x80 || sizeBytes > 4 || at + 2 + sizeBytes > bytes.length) throw truncated();
  const length = sizeBytes === 0 ? first : bytes.readUIntBE(at + 2, sizeBytes);
  const start = at + 2 + sizeBytes;
  if (start + length > bytes.length) throw truncated();
  return {
    tag,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(at, start + length),
  };
}

function truncated(): DerError {
  return new DerError("asn1: syntax error: data truncated");
}
