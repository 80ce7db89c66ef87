// The small parts of OTLP's JSON form: attributes, ids, instants.

import { isRecord, setOwn } from "../../core/index.ts";
import type { Attributes, AttributeValue } from "./span-record.ts";

const NANOS_PER_MS = 1e6;

/** The records of a list; whatever else stands there is skipped. */
export function readList(parent: unknown, name: string): readonly Record<string, unknown>[] {
  const list = isRecord(parent) ? parent[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

export function readAttributes(list: unknown): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const { key, value } of readList({ list }, "list")) {
    const read = readAnyValue(value);
    if (typeof key === "string" && read !== undefined) setOwn(attributes, key, read);
  }
  return attributes;
}

/** Arrays and maps become JSON text. */
export function readAnyValue(value: unknown): AttributeValue | undefined {
  const plain = plainValue(value);
  return typeof plain === "object" ? JSON.stringify(plain) : plain;
}

type Plain = AttributeValue | readonly unknown[] | Readonly<Record<string, unknown>> | undefined;

function plainValue(value: unknown): Plain {
  if (!isRecord(value)) return undefined;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = value;
  if (typeof stringValue === "string") return stringValue;
  if (typeof boolValue === "boolean") return boolValue;
  if (intValue !== undefined) return Number(intValue);
  if (typeof doubleValue === "number") return doubleValue;
  if (arrayValue !== undefined) return readList(arrayValue, "values").map(plainValue);
  if (kvlistValue !== undefined) {
    const entries = readList(kvlistValue, "values");
    return Object.fromEntries(entries.map(({ key, value: one }) => [String(key), plainValue(one)]));
  }
  return typeof value["bytesValue"] === "string" ? value["bytesValue"] : undefined;
}

/** Lower-case; undefined for anything but that many digits of which not all are zero. */
export function readId(id: unknown, digits: number): string | undefined {
  if (typeof id !== "string" || id.length !== digits) return undefined;
  const lower = id.toLowerCase();
  return /^[0-9a-f]+$/.test(lower) && /[1-9a-f]/.test(lower) ? lower : undefined;
}

/** Nanoseconds since the epoch, as text or number; 0 means unknown. */
export function readInstantMs(nanos: unknown): number | undefined {
  if (typeof nanos !== "string" && typeof nanos !== "number") return undefined;
  if (typeof nanos === "string" && !/^\d{1,20}$/.test(nanos)) return undefined;
  // A double has no room for today's nanoseconds, but it has for microseconds.
  const ms =
    typeof nanos === "string" ? Number(BigInt(nanos) / 1000n) / 1000 : nanos / NANOS_PER_MS;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** Undefined for what is no finite number. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
