// Messages whose JSON is not a record of their fields: times, quantities, raw JSON and the like.
// Mirrors the MarshalJSON methods of k8s.io/apimachinery and apiextensions-apiserver.

import { formatGoDuration, formatInstant } from "../../../core/index.ts";
import { badRequest } from "../../api/refusals.ts";
import { readFields } from "./wire.ts";
import type { WireField } from "./wire.ts";

/** `decodeSelf` reads the message as a plain record of its fields. */
type Decoder = (message: Buffer, decodeSelf: (raw: Buffer) => unknown) => unknown;

/** By the end of the message's OpenAPI name. */
const DECODERS: readonly (readonly [string, Decoder])[] = [
  [".meta.v1.Time", (message) => decodeTime(message, false)],
  [".meta.v1.MicroTime", (message) => decodeTime(message, true)],
  [".meta.v1.Duration", (message) => formatGoDuration(integerAt(message, 1) / 1e6)],
  [".api.resource.Quantity", (message) => textAt(message, 1)],
  [".util.intstr.IntOrString", decodeIntOrString],
  [".meta.v1.FieldsV1", (message) => rawJson(message)],
  [".runtime.RawExtension", (message) => rawJson(message)],
  [".apiextensions.v1.JSON", (message) => rawJson(message)],
  [".authentication.v1.ExtraValue", decodeTexts],
  [".authorization.v1.ExtraValue", decodeTexts],
  [".certificates.v1.ExtraValue", decodeTexts],
];

const byDefinition = new Map<string, Decoder | undefined>();

export function wellKnownDecoder(definition: string): Decoder | undefined {
  if (!byDefinition.has(definition)) {
    const found = DECODERS.find(([suffix]) => definition.endsWith(suffix));
    byDefinition.set(definition, found?.[1]);
  }
  return byDefinition.get(definition);
}

/** Undefined for Go's zero time, which is written as an empty message. */
function decodeTime(message: Buffer, withMicros: boolean): string | undefined {
  if (message.length === 0) return undefined;
  const instant = formatInstant(integerAt(message, 1) * 1000);
  if (!withMicros) return instant;
  const micros = String(Math.floor(integerAt(message, 2) / 1000)).padStart(6, "0");
  return instant.replace("Z", `.${micros}Z`);
}

function decodeIntOrString(message: Buffer): string | number {
  const isText = integerAt(message, 1) === 1;
  return isText ? textAt(message, 3) : integerAt(message, 2);
}

function decodeTexts(message: Buffer): readonly string[] {
  return readFields(message)
    .filter(({ number }) => number === 1)
    .map(({ value }) => (Buffer.isBuffer(value) ? value.toString("utf8") : ""));
}

function rawJson(message: Buffer): unknown {
  const text = textAt(message, 1);
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("the protobuf message holds raw data that is not JSON");
  }
}

function valueAt(message: Buffer, number: number): WireField["value"] | undefined {
  return readFields(message).find((field) => field.number === number)?.value;
}

function textAt(message: Buffer, number: number): string {
  const value = valueAt(message, number);
  return Buffer.isBuffer(value) ? value.toString("utf8") : "";
}

function integerAt(message: Buffer, number: number): number {
  const value = valueAt(message, number);
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}
