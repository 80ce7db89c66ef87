// Runs a schema over a value and hands back what it found.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { Outcome } from "../contracts/emission.ts";
import type { Schema } from "./schema.ts";

export function readValue<Output>(
  schema: Schema<unknown, Output>,
  value: unknown,
  path: Path = [],
): Outcome<Output> {
  const diagnostics: Diagnostic[] = [];
  const output = schema.read(value, path, { report: (found) => diagnostics.push(found) });
  return { ...(output === undefined ? {} : { value: output }), diagnostics };
}
