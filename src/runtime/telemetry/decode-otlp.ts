// OTLP's protobuf → the object that its JSON form is, so that everything behind reads one form.

import { readWireFields, type WireField } from "../../core/index.ts";
import {
  isScalar,
  otlpField,
  type OtlpField,
  type OtlpMessage,
  type OtlpScalar,
} from "./otlp-messages.ts";

/** Values nest in values; whoever sends more has something else in mind. */
const DEPTH_MAX = 32;

/** Bytes that are no such message. */
export class OtlpFormatError extends Error {
  override readonly name = "OtlpFormatError";
}

/** Throws OtlpFormatError or WireFormatError. */
export function decodeOtlp(
  bytes: Buffer,
  message: OtlpMessage,
  depth = 0,
): Record<string, unknown> {
  if (depth > DEPTH_MAX) throw new OtlpFormatError("values are nested too deeply");
  const object: Record<string, unknown> = {};
  for (const { number, value } of readWireFields(bytes)) {
    const field = otlpField(message, number);
    if (field !== undefined) addField(object, field, value, depth);
  }
  return object;
}

function addField(
  object: Record<string, unknown>,
  { name, type, isList }: OtlpField,
  wire: WireField["value"],
  depth: number,
): void {
  if (!isScalar(type)) {
    const decoded = decodeOtlp(bytesOf(wire), type, depth + 1);
    if (isList === true) listOf(object, name).push(decoded);
    else object[name] = decoded;
  } else if (isList === true) {
    listOf(object, name).push(...decodePacked(bytesOf(wire), type));
  } else {
    object[name] = decodeScalar(wire, type);
  }
}

function listOf(object: Record<string, unknown>, name: string): unknown[] {
  const known = object[name];
  if (Array.isArray(known)) return known;
  const fresh: unknown[] = [];
  object[name] = fresh;
  return fresh;
}

/** All repeated numbers here take eight bytes each, packed together or one by one. */
function decodePacked(bytes: Buffer, type: OtlpScalar): unknown[] {
  if (bytes.length % 8 !== 0) throw new OtlpFormatError("a list of numbers is cut off");
  return Array.from({ length: bytes.length / 8 }, (_, index) =>
    decodeScalar(bytes.subarray(index * 8, index * 8 + 8), type),
  );
}

function decodeScalar(wire: WireField["value"], type: OtlpScalar): unknown {
  switch (type) {
    case "text":
      return bytesOf(wire).toString("utf8");
    case "id":
      return bytesOf(wire).toString("hex");
    case "bytes":
      return bytesOf(wire).toString("base64");
    case "boolean":
      return wire !== 0n;
    case "integer":
      if (typeof wire !== "bigint") throw new OtlpFormatError("an integer has the wrong form");
      return String(BigInt.asIntN(64, wire));
    case "fixed64":
      return String(eightBytes(wire).readBigUInt64LE());
    case "sfixed64":
      return String(eightBytes(wire).readBigInt64LE());
    case "double":
      return eightBytes(wire).readDoubleLE();
  }
}

function eightBytes(wire: WireField["value"]): Buffer {
  const bytes = bytesOf(wire);
  if (bytes.length === 8) return bytes;
  throw new OtlpFormatError("a number of 64 bits has another length");
}

function bytesOf(wire: WireField["value"]): Buffer {
  if (Buffer.isBuffer(wire)) return wire;
  throw new OtlpFormatError("a field has the wrong form");
}
