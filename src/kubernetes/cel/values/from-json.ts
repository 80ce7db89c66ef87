// JSON as values, without a schema: whole numbers are ints, the rest doubles.

import { isRecord } from "../../../core/index.ts";
import {
  CelDuration,
  CelEntries,
  CelError,
  CelMap,
  CelOptional,
  CelRecord,
  CelTimestamp,
  CelUint,
  type CelValue,
} from "./value.ts";
import { formatCelDuration, formatTimestamp } from "./instants.ts";

export function fromJson(value: unknown): CelValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(fromJson);
  if (isRecord(value)) return new CelRecord(value, (_key, member) => fromJson(member));
  return null;
}

/** A record whose undefined members are absent. */
export function recordValue(record: Readonly<Record<string, unknown>>): CelMap {
  return new CelRecord(record, (_key, member) => fromJson(member));
}

/** The way back, as protobuf prints values as JSON. */
export function toJson(value: CelValue): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatCelDuration(value);
  if (value instanceof CelOptional)
    return value.content === undefined ? null : toJson(value.content);
  if (value instanceof CelRecord && value.typeName === undefined) return value.record;
  if (value instanceof CelMap) return recordOf(value);
  if (Array.isArray(value)) return value.map((item: CelValue) => toJson(item));
  throw new CelError("type conversion error: value has no JSON form");
}

function recordOf(map: CelMap): Record<string, unknown> {
  return Object.fromEntries(
    map.keys().map((key) => {
      const text = typeof key === "string" ? key : String(toJson(key));
      return [text, toJson(map.get(key) ?? null)];
    }),
  );
}

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Undefined when the text is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function entries(record: Readonly<Record<string, CelValue>>): CelEntries {
  return new CelEntries(Object.entries(record));
}
