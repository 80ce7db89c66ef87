// What can be wrong with an object as its kind's schema sees it: one constructor per problem, with our wording and with
// the words the API server answers (`cause`). Mirrors apimachinery pkg/util/validation/field and kube-openapi's errors.

import type { Path, PathElement } from "../../core/index.ts";
import type { StatusCause } from "../status.ts";

export type SchemaProblemKind =
  | "unknown-field"
  | "type"
  | "required"
  | "enum"
  | "pattern"
  | "range"
  | "length"
  | "duplicate-key"
  | "format"
  | "combination";

export interface SchemaProblem {
  readonly path: Path;
  readonly kind: SchemaProblemKind;
  /** Lower-case, one clause, no full stop, without the path. */
  readonly message: string;
  /** A warning is tolerated by the API server: it stores the object all the same. */
  readonly severity: "error" | "warning";
  /** What a server that refuses for this reason answers in `details.causes`. */
  readonly cause: StatusCause;
}

export function unknownField(path: Path, known: readonly string[]): SchemaProblem {
  const last = path.at(-1) ?? "";
  const name = typeof last === "object" ? JSON.stringify(last) : String(last);
  const near = nearest(name, known);
  const message = `unknown field "${name}"${near === undefined ? "" : `, did you mean "${near}"`}`;
  const text = `unknown field "${serverPath(path)}"`;
  return problem(path, "unknown-field", message, { reason: "FieldValueInvalid", message: text });
}

export function wrongType(path: Path, expected: string, value: unknown): SchemaProblem {
  const actual = typeName(value);
  const message = `must be of type ${expected}, is ${actual}`;
  const text = `${serverPath(path)} in body must be of type ${expected}: "${actual}"`;
  return problem(path, "type", message, {
    reason: "FieldValueTypeInvalid",
    message: `Invalid value: "${actual}": ${text}`,
  });
}

export function requiredField(path: Path): SchemaProblem {
  const cause = { reason: "FieldValueRequired", message: "Required value" };
  return problem(path, "required", "is required", cause);
}

export function notInEnum(path: Path, value: unknown, allowed: readonly unknown[]): SchemaProblem {
  const list = allowed.map((item) => shownValue(item)).join(", ");
  return problem(path, "enum", `must be one of ${list}, is ${shownValue(value)}`, {
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${shownValue(value)}: supported values: ${list}`,
  });
}

export function noMatch(path: Path, value: string, pattern: string): SchemaProblem {
  const message = `must match ${pattern}, is ${shownValue(value)}`;
  return invalid(path, "pattern", message, value, `should match '${pattern}'`);
}

export interface RangeFault {
  readonly value: number;
  /** Kubernetes' words, such as `less than or equal to 100`. */
  readonly should: string;
}

export function outOfRange(path: Path, { value, should }: RangeFault): SchemaProblem {
  return invalid(path, "range", `must be ${should}, is ${value}`, value, `should be ${should}`);
}

/** An integer that does not fit the width its format promises. */
export function overflows(path: Path, value: number, format: string): SchemaProblem {
  const message = `must fit ${format}, is ${value}`;
  return invalid(path, "range", message, value, `must be a valid ${format}`);
}

export function badFormat(path: Path, value: unknown, format: string): SchemaProblem {
  const shown = shownValue(value);
  const text = `${serverPath(path)} in body must be of type ${format}: ${shown}`;
  return problem(path, "format", `must be a valid ${format}, is ${shown}`, {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${shown}: ${text}`,
  });
}

export interface LengthFault {
  readonly what: "bytes" | "items" | "properties";
  readonly actual: number;
  readonly limit: number;
  readonly value: unknown;
}

export function tooLong(path: Path, { what, actual, limit, value }: LengthFault): SchemaProblem {
  const message = `must have at most ${limit} ${what}, has ${actual}`;
  if (what === "bytes") {
    const text = `Too long: may not be more than ${limit} bytes`;
    return problem(path, "length", message, { reason: "FieldValueTooLong", message: text });
  }
  if (what === "items") {
    const text = `Too many: ${actual}: must have at most ${limit} items`;
    return problem(path, "length", message, { reason: "FieldValueTooMany", message: text });
  }
  return invalid(path, "length", message, value, `should have at most ${limit} properties`);
}

export function tooShort(path: Path, { what, actual, limit, value }: LengthFault): SchemaProblem {
  const message = `must have at least ${limit} ${what}, has ${actual}`;
  const should =
    what === "bytes"
      ? `should be at least ${limit} chars long`
      : `should have at least ${limit} ${what}`;
  return invalid(path, "length", message, value, should);
}

/** A repeated item of a set, or two items of a keyed list with the same key. */
export function duplicate(path: Path, value: unknown): SchemaProblem {
  const shown = shownValue(value);
  const cause = { reason: "FieldValueDuplicate", message: `Duplicate value: ${shown}` };
  return problem(path, "duplicate-key", `repeats ${shown}`, cause);
}

/** `anyOf`, `oneOf`, `allOf` or `not` is not met; `should` completes "must". */
export function badCombination(path: Path, value: unknown, should: string): SchemaProblem {
  return invalid(path, "combination", `must ${should}`, value, `must ${should}`);
}

function invalid(
  path: Path,
  kind: SchemaProblemKind,
  message: string,
  value: unknown,
  should: string,
): SchemaProblem {
  return problem(path, kind, message, {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${shownValue(value)}: ${serverPath(path)} in body ${should}`,
  });
}

function problem(
  path: Path,
  kind: SchemaProblemKind,
  message: string,
  cause: StatusCause,
): SchemaProblem {
  return { path, kind, message, severity: "error", cause: { ...cause, field: serverPath(path) } };
}

/** A path as the API server prints it: `spec.ports[0].name`, keys of maps joined by dots as they are. */
export function serverPath(path: Path): string {
  const text = path.map((element) =>
    typeof element === "number" ? `[${element}]` : `.${fieldOf(element)}`,
  );
  return text.join("").replace(/^\./, "");
}

function fieldOf(element: Exclude<PathElement, number>): string {
  return typeof element === "string" ? element : JSON.stringify(element);
}

/** JSON of a value; only its type when it is nested too deep to be written. */
export function shownValue(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return typeName(value);
  }
}

/** The type's name in API errors. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** A known name within two edits, for "did you mean". */
function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const sameLetters = known.find((other) => other.toLowerCase() === lower);
  if (sameLetters !== undefined) return sameLetters;
  if (name.length < 4 || name.length > 64) return undefined;
  return known.find((other) => editDistance(name, other) <= 2);
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substituted = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
