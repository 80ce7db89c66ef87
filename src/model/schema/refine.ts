// A rule over a whole record that was read: what no single key can say.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { Schema } from "./schema.ts";

/** `check` sees the value with its defaults and returns what is wrong with it. */
export function refine<Input, Output>(
  schema: Schema<Input, Output>,
  check: (output: Output, path: Path) => readonly Diagnostic[],
): Schema<Input, Output> {
  return {
    ...schema,
    read(value, path, context) {
      const output = schema.read(value, path, context);
      if (output === undefined) return undefined;
      const found = check(output, path);
      found.forEach(context.report);
      return found.some(({ severity }) => severity === "error") ? undefined : output;
    },
  };
}

/** Derives a value from what was read: the input side stays the same. */
export function transform<Input, Read, Output>(
  schema: Schema<Input, Read>,
  derive: (read: Read) => Output,
): Schema<Input, Output> {
  const { expected, keys } = schema;
  return {
    ...(expected === undefined ? {} : { expected }),
    ...(keys === undefined ? {} : { keys }),
    jsonSchema: () => schema.jsonSchema(),
    read(value, path, context) {
      const read = schema.read(value, path, context);
      return read === undefined ? undefined : derive(read);
    },
  };
}
