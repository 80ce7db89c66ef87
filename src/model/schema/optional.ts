// A key that may be left out, with the value it then stands for.

import type { JsonObject } from "../../core/index.ts";
import { invariant, isRecord } from "../../core/index.ts";
import type { OptionalSchema, Schema } from "./schema.ts";

/** Left out: not there. */
export function optional<Input, Output>(
  schema: Schema<Input, Output>,
): OptionalSchema<Input, Output | undefined>;
/** Left out: as if `fallback` had been written. */
export function optional<Input, Output>(
  schema: Schema<Input, Output>,
  fallback: NoInfer<Input>,
): OptionalSchema<Input, Output>;
export function optional<Input, Output>(
  schema: Schema<Input, Output>,
  ...fallback: readonly Input[]
): OptionalSchema<Input, Output | undefined> {
  return {
    ...schema,
    jsonSchema: () => withDefault(schema.jsonSchema(), fallback),
    absent: {
      output: () => (fallback.length === 0 ? undefined : readFallback(schema, fallback[0])),
    },
  };
}

function readFallback<Input, Output>(schema: Schema<Input, Output>, fallback: unknown): Output {
  const output = schema.read(fallback, [], {
    report: ({ message }) => invariant(false, `the default is valid: ${message}`),
  });
  invariant(output !== undefined, "the default is read");
  return output;
}

function withDefault(schema: JsonObject, fallback: readonly unknown[]): JsonObject {
  const [value] = fallback;
  const plain =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (plain) return { ...schema, default: value };
  const empty = value === undefined || (isRecord(value) && Object.keys(value).length === 0);
  // A default that is a record or a list is data by construction: it was written as a literal beside the schema.
  return empty ? schema : { ...schema, default: value as JsonObject };
}
