// How a value that does not belong is named in a message.

import { isRecord } from "../../core/index.ts";

const SHOWN_MAX = 40;

/** `the number 5`, `"text"`, `a list`, `nothing (null)`. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  if (isRecord(value)) return "a record";
  return `a ${typeof value}`;
}

function shorten(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 2)}…"`;
}
