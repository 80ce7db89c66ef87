// Reading fields of objects whose shape decoding has already established.

import { isRecord } from "../../../core/index.ts";

type Scope = Readonly<Record<string, unknown>>;

const EMPTY: Scope = Object.freeze({});

/** The record at a field, or an empty one. */
export function recordAt(record: Scope, field: string): Scope {
  const value = record[field];
  return isRecord(value) ? value : EMPTY;
}

/** The records of a list field. */
export function recordsAt(record: Scope, field: string): readonly Scope[] {
  const value = record[field];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textAt(record: Scope, field: string): string {
  const value = record[field];
  return typeof value === "string" ? value : "";
}

export function numberAt(record: Scope, field: string): number | undefined {
  const value = record[field];
  return typeof value === "number" ? value : undefined;
}

/** A map of strings, such as labels. */
export function textsAt(record: Scope, field: string): Readonly<Record<string, string>> {
  // Decoding has checked that the values are strings.
  return recordAt(record, field) as Readonly<Record<string, string>>;
}

/** A list of strings. */
export function listAt(record: Scope, field: string): readonly string[] {
  const value = record[field];
  return Array.isArray(value) ? value.map(String) : [];
}
