// Errors about one field, in the words of apimachinery pkg/util/validation/field. The only place with this wording.

import type { StatusCause } from "../../kubernetes/index.ts";

export function requiredField(field: string, detail = ""): StatusCause {
  return cause(
    "FieldValueRequired",
    field,
    detail === "" ? "Required value" : `Required value: ${detail}`,
  );
}

export function invalidField(field: string, value: unknown, detail: string): StatusCause {
  const text = `Invalid value: ${printValue(value)}`;
  return cause("FieldValueInvalid", field, detail === "" ? text : `${text}: ${detail}`);
}

/** A value too large to be shown, or none at all. */
export function omittedField(field: string, detail: string): StatusCause {
  return cause("FieldValueInvalid", field, `Invalid value: ${detail}`);
}

export function forbiddenField(field: string, detail: string): StatusCause {
  return cause("FieldValueForbidden", field, detail === "" ? "Forbidden" : `Forbidden: ${detail}`);
}

export function duplicateField(field: string, value: unknown, detail = ""): StatusCause {
  const text = `Duplicate value: ${printValue(value)}`;
  return cause("FieldValueDuplicate", field, detail === "" ? text : `${text}: ${detail}`);
}

export function tooLongField(field: string, bytesMax: number): StatusCause {
  return cause("FieldValueTooLong", field, `Too long: may not be more than ${bytesMax} bytes`);
}

export function tooManyField(field: string, count: number, countMax: number): StatusCause {
  const text = `Too many: ${count}: must have at most ${countMax} items`;
  return cause("FieldValueTooMany", field, text);
}

export function notFoundField(field: string, value: unknown, detail = ""): StatusCause {
  const more = detail === "" ? "" : `: ${detail}`;
  return cause("FieldValueNotFound", field, `Not found: ${printValue(value)}${more}`);
}

/** Supported values are listed as given, quoted; the server sorts some and not others. */
export function unsupportedField(
  field: string,
  value: unknown,
  supported: readonly string[],
): StatusCause {
  const list = supported.map((item) => JSON.stringify(item)).join(", ");
  return cause(
    "FieldValueNotSupported",
    field,
    `Unsupported value: ${printValue(value)}: supported values: ${list}`,
  );
}

function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, message, field };
}

/** As Go's `%#v` of the few types that appear: strings quoted, the rest as JSON. */
export function printValue(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value);
}
