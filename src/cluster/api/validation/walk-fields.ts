// Judging parts of objects where they are, so that the path of a part is only written when the part is there.

import { isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";

export type Scope = Readonly<Record<string, unknown>>;
export type Causes = readonly StatusCause[];
/** `field` is the path of `part`. */
export type Judge = (field: string, part: Scope) => Causes;

export const NO_CAUSES: Causes = [];

/** What is wrong with the record under a name, when there is one. */
export function judgeAt(field: string, record: Scope, name: string, judge: Judge): Causes {
  const part = record[name];
  return isRecord(part) ? judge(`${field}.${name}`, part) : NO_CAUSES;
}

/** What is wrong with the records of a list, in their order. */
export function judgeEach(
  field: string,
  record: Scope,
  name: string,
  judge: (field: string, part: Scope, index: number) => Causes,
): Causes {
  const list = record[name];
  if (!Array.isArray(list) || list.length === 0) return NO_CAUSES;
  return list.flatMap((part, index) =>
    isRecord(part) ? judge(`${field}.${name}[${index}]`, part, index) : NO_CAUSES,
  );
}

/** Of a field that has to be set; values are listed as the server lists them. */
export function validateChoice(field: string, value: unknown, known: readonly string[]): Causes {
  if (value === "" || value === undefined) return [requiredField(field)];
  return validateKnown(field, value, known);
}

/** Of a field that need not be set. */
export function validateKnown(field: string, value: unknown, known: readonly string[]): Causes {
  if (value === undefined || known.some((one) => one === value)) return NO_CAUSES;
  return [unsupportedField(field, value, known)];
}

export function invalidAll(field: string, value: unknown, faults: readonly string[]): Causes {
  if (faults.length === 0) return NO_CAUSES;
  return faults.map((fault) => invalidField(field, value, fault));
}

/** Of a number that need not be set. */
export function validateRange(
  field: string,
  value: unknown,
  range: { readonly min: number; readonly max: number; readonly text?: string },
): Causes {
  if (typeof value !== "number" || (value >= range.min && value <= range.max)) return NO_CAUSES;
  const text = range.text ?? `must be between ${range.min} and ${range.max}, inclusive`;
  return [invalidField(field, value, text)];
}
