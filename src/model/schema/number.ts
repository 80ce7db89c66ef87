// Numbers in a range.

import type { JsonObject } from "../../core/index.ts";
import { outOfRange, wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { Schema } from "./schema.ts";

/** Both ends included. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

export function number(range: NumberRange = {}): Schema<number> {
  return numeric("a number", "number", range, Number.isFinite);
}

export function integer(range: NumberRange = {}): Schema<number> {
  return numeric("a whole number", "integer", range, Number.isSafeInteger);
}

/** A TCP or UDP port. */
export function port(): Schema<number> {
  return numeric("a port", "integer", { min: 1, max: 65_535 }, Number.isSafeInteger);
}

function numeric(
  noun: string,
  type: "number" | "integer",
  { min, max }: NumberRange,
  isRight: (value: unknown) => boolean,
): Schema<number> {
  const expected = noun + inWords(min, max);
  return {
    expected,
    read(value, path, { report }) {
      if (typeof value !== "number" || !isRight(value)) {
        report(wrongType(path, { expected, found: describeValue(value) }));
        return undefined;
      }
      if (value >= (min ?? -Infinity) && value <= (max ?? Infinity)) return value;
      report(outOfRange(path, { expected, found: value }));
      return undefined;
    },
    jsonSchema: (): JsonObject => ({
      type,
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    }),
  };
}

function inWords(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}
