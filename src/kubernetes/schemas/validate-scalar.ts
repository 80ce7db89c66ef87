// Strings and numbers: length, pattern, format, bounds and widths.

import type { Validation } from "./validation.ts";
import type { FieldSchema } from "./schema.ts";
import { badFormat, noMatch, outOfRange, overflows, tooLong, tooShort } from "./schema-problem.ts";
import { compilePattern } from "./safe-pattern.ts";
import { fitsInteger, matchesFormat } from "./value-formats.ts";

export function checkString(
  { path, problems }: Validation,
  text: string,
  schema: FieldSchema,
): void {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const at = [...path];
  const isLong = text.length > maxLength && characterCount(text) > maxLength;
  const length = { what: "bytes", value: text } as const;
  if (isLong)
    problems.push(tooLong(at, { ...length, actual: characterCount(text), limit: maxLength }));
  if (minLength > 0 && characterCount(text) < minLength) {
    problems.push(tooShort(at, { ...length, actual: characterCount(text), limit: minLength }));
  }
  // An over-long text is refused already, and backtracking over it could take long.
  if (pattern !== undefined && !isLong && compilePattern(pattern)?.test(text) === false) {
    problems.push(noMatch(at, text, pattern));
  }
  if (format !== undefined && schema.intOrString !== true && !matchesFormat(text, format)) {
    problems.push(badFormat(at, text, format));
  }
}

/** Unicode code points, which is what JSON Schema counts. */
function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function checkNumber(
  { path, problems }: Validation,
  value: number,
  schema: FieldSchema,
): void {
  const at = [...path];
  const width = schema.intOrString === true ? "int32" : schema.format;
  if (width !== undefined && !fitsInteger(value, width)) problems.push(overflows(at, value, width));
  const should = brokenBound(value, schema);
  if (should !== undefined) problems.push(outOfRange(at, { value, should }));
  const { multipleOf } = schema;
  if (multipleOf !== undefined && multipleOf > 0 && !Number.isInteger(value / multipleOf)) {
    problems.push(outOfRange(at, { value, should: `a multiple of ${multipleOf}` }));
  }
}

function brokenBound(value: number, schema: FieldSchema): string | undefined {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const { exclusiveMinimum = false, exclusiveMaximum = false } = schema;
  if (value > maximum) return `less than or equal to ${maximum}`;
  if (exclusiveMaximum && value === maximum) return `less than ${maximum}`;
  if (value < minimum) return `greater than or equal to ${minimum}`;
  if (exclusiveMinimum && value === minimum) return `greater than ${minimum}`;
  return undefined;
}
