// Writes DER (ITU-T X.690, section 10): just what a certificate is made of. `readDer` of the kubernetes room reads it.

import { SECOND_MS } from "../../../core/index.ts";

/** Identifier octets: universal, of the form DER prescribes for each. */
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const SEQUENCE = 0x30;
const SET = 0x31;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
/** Context-specific; constructed values have the bit below set as well. */
const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

/** Dates from here on do not fit UTCTime (RFC 5280, 4.1.2.5). */
const GENERALIZED_TIME_FROM = Date.UTC(2050, 0, 1);
/** Longer contents say first how many octets their length takes. */
const SHORT_LENGTH_MAX = 0x7f;

export const derNull = tagged(NULL);
export const derTrue = tagged(BOOLEAN, Buffer.from([0xff]));

export function derSequence(...members: readonly Buffer[]): Buffer {
  return tagged(SEQUENCE, ...members);
}

/** Of one member: several would have to be sorted. */
export function derSetOf(member: Buffer): Buffer {
  return tagged(SET, member);
}

/** A positive number, most significant octet first. */
export function derInteger(octets: Uint8Array): Buffer {
  const isNegative = ((octets[0] ?? 0) & 0x80) !== 0;
  return isNegative ? tagged(INTEGER, Buffer.from([0]), octets) : tagged(INTEGER, octets);
}

export function derOctets(content: Uint8Array): Buffer {
  return tagged(OCTET_STRING, content);
}

export function derBits(octets: Uint8Array, unusedBits = 0): Buffer {
  return tagged(BIT_STRING, Buffer.from([unusedBits]), octets);
}

export function derText(text: string): Buffer {
  return tagged(UTF8_STRING, Buffer.from(text, "utf8"));
}

/** `1.2.840.10045.4.3.2` */
export function derIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** The form RFC 5280 wants for the instant; neither holds fractions of a second. */
export function derTime(instant: number): Buffer {
  const seconds = Math.floor(instant / SECOND_MS) * SECOND_MS;
  const digits = new Date(seconds).toISOString().replace(/\.\d+|[-:T]/g, "");
  return instant < GENERALIZED_TIME_FROM
    ? tagged(UTC_TIME, Buffer.from(digits.slice(2), "latin1"))
    : tagged(GENERALIZED_TIME, Buffer.from(digits, "latin1"));
}

/** Holds other values: EXPLICIT, or IMPLICIT in place of a sequence's own tag. */
export function derContext(number: number, ...members: readonly Uint8Array[]): Buffer {
  return tagged(CONTEXT | CONSTRUCTED | number, ...members);
}

/** IMPLICIT in place of the tag of something simple. */
export function derContextOctets(number: number, content: Uint8Array): Buffer {
  return tagged(CONTEXT | number, content);
}

function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): readonly number[] {
  if (length <= SHORT_LENGTH_MAX) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** Seven bits an octet, the most significant first; all but the last are marked. */
function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }
  return octets;
}
