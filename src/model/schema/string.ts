// Text, with the formats definitions use.

import type { JsonObject } from "../../core/index.ts";
import { badFormat, wrongType } from "../diagnostics.ts";
import { FORMATS, type Format, type FormatName } from "./formats.ts";
import { describeValue } from "./found.ts";
import type { Schema } from "./schema.ts";

/** `string()` is any non-empty text; `string("duration")` one of the known formats. */
export function string(format: FormatName | Format = "text"): Schema<string> {
  const { expected, problem, jsonSchema } = typeof format === "string" ? FORMATS[format] : format;
  return {
    expected,
    read(value, path, { report }) {
      if (typeof value !== "string") {
        report(wrongType(path, { expected, found: describeValue(value) }));
        return undefined;
      }
      const found = problem(value);
      if (found === undefined) return value;
      const reason = found === "" ? undefined : found;
      report(badFormat(path, { expected, text: value, reason }));
      return undefined;
    },
    jsonSchema: (): JsonObject => ({ type: "string", ...jsonSchema }),
  };
}
