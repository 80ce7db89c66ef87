// Plain data of any shape, handed through: values of a chart that only the chart understands.

import type { Json } from "../../core/index.ts";
import { reportNonData } from "./plain-data.ts";
import type { Schema } from "./schema.ts";

export function anything(): Schema<Json> {
  return {
    expected: "plain data",
    read(value, path, context) {
      // What survives the check is JSON.
      return reportNonData(value, path, context) ? (value as Json) : undefined;
    },
    jsonSchema: () => ({}),
  };
}
