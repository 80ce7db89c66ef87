// A protobuf message → the JSON the same object has. Fields that Go writes although nobody set them are left out.

import { isRecord, setOwn } from "../../../core/index.ts";
import { badRequest } from "../../api/refusals.ts";
import { messageType } from "./message-types.ts";
import type { FieldType, MessageType, ScalarType } from "./message-types.ts";
import { wellKnownDecoder } from "./well-known.ts";
import { readFields } from "./wire.ts";
import type { WireField } from "./wire.ts";

/** Deeper messages restrict nothing anybody sends; reading has to end. */
const DEPTH_MAX = 100;

export function decodeMessage(
  message: Buffer,
  type: MessageType,
  depth = 0,
): Record<string, unknown> {
  if (depth > DEPTH_MAX) throw badRequest("the protobuf message is nested too deeply");
  const fields = new Map(type.fields.map((field) => [field.number, field]));
  const object: Record<string, unknown> = {};
  for (const { number, value } of readFields(message)) {
    const field = fields.get(number);
    if (field !== undefined) addField(object, field, value, depth);
  }
  return object;
}

function addField(
  object: Record<string, unknown>,
  field: FieldType,
  wire: WireField["value"],
  depth: number,
): void {
  if (field.arity === "map") return addEntry(object, field, wire, depth);
  const value = decodeValue(field, wire, depth);
  if (field.name === "") {
    if (isRecord(value))
      for (const [key, member] of Object.entries(value)) setOwn(object, key, member);
  } else if (field.arity === "list") {
    const known = object[field.name];
    if (Array.isArray(known)) known.push(value);
    else setOwn(object, field.name, [value]);
  } else if (field.isPointer || !isUnset(field, value)) {
    setOwn(object, field.name, value);
  }
}

/** A map is a list of messages with a key and a value. */
function addEntry(
  object: Record<string, unknown>,
  field: FieldType,
  wire: WireField["value"],
  depth: number,
): void {
  const entry = readFields(bytesOf(wire));
  const partOf = (number: number): WireField["value"] | undefined =>
    entry.find((part) => part.number === number)?.value;
  const key = partOf(1);
  const value = decodeValue(field, partOf(2) ?? zeroOf(field), depth);
  const known = object[field.name];
  const map: Record<string, unknown> = isRecord(known) ? known : {};
  setOwn(map, key === undefined ? "" : bytesOf(key).toString("utf8"), value ?? null);
  object[field.name] = map;
}

function zeroOf({ value }: FieldType): WireField["value"] {
  return value === "b" || value === "i" ? 0n : Buffer.alloc(value === "d" ? 8 : 0);
}

function decodeValue({ value }: FieldType, wire: WireField["value"], depth: number): unknown {
  if (typeof value === "string") return decodeScalar(value, wire);
  const type = messageType(value);
  const decode = wellKnownDecoder(type.definition);
  if (decode !== undefined)
    return decode(bytesOf(wire), (raw) => decodeMessage(raw, type, depth + 1));
  return decodeMessage(bytesOf(wire), type, depth + 1);
}

function decodeScalar(type: ScalarType, wire: WireField["value"]): unknown {
  switch (type) {
    case "s":
      return bytesOf(wire).toString("utf8");
    case "y":
      return bytesOf(wire).toString("base64");
    case "b":
      return wire !== 0n;
    case "i":
      if (typeof wire !== "bigint") throw mistyped();
      return Number(BigInt.asIntN(64, wire));
    case "d": {
      const bytes = bytesOf(wire);
      if (bytes.length !== 8) throw mistyped();
      return bytes.readDoubleLE();
    }
  }
}

function bytesOf(wire: WireField["value"]): Buffer {
  if (Buffer.isBuffer(wire)) return wire;
  throw mistyped();
}

function mistyped(): Error {
  return badRequest("the body of the request has a protobuf field of the wrong type");
}

/** Go writes the zero of a scalar that is no pointer; JSON leaves it out. Structs stay: JSON has them too. */
function isUnset({ value }: FieldType, decoded: unknown): boolean {
  if (decoded === undefined) return true;
  const isWellKnown =
    typeof value === "number" && wellKnownDecoder(messageType(value).definition) !== undefined;
  if (typeof value === "number" && !isWellKnown) return false;
  return decoded === "" || decoded === 0 || decoded === false;
}
