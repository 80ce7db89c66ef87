// What a schema is: it reads an untrusted value into a typed one, collecting every problem, and prints itself as JSON Schema.

import type { Diagnostic, JsonObject, Path } from "../../core/index.ts";

/** Collects problems while a value is read. */
export interface ReadContext {
  readonly report: (diagnostic: Diagnostic) => void;
}

/**
 * Reads a value of unknown shape. `Input` is what a person may write, `Output` what it means with every default filled in.
 * `read` returns undefined exactly when it reported an error at or below `path`.
 */
export interface Schema<Input, Output = Input> {
  read(value: unknown, path: Path, context: ReadContext): Output | undefined;
  /** JSON Schema 2020-12 for the input side. Prose is added by the build from doc comments. */
  jsonSchema(): JsonObject;
  /** Present on a schema whose key may be left out. */
  readonly absent?: { readonly output: () => Output | undefined };
  /** Type carrier only; never set. */
  readonly input?: Input;
}

/** Data a helper function returns: plain, with the name of the component that reads it. */
export type Tagged<Kind extends string = string, Options = unknown> = {
  readonly kind: Kind;
} & Options;
