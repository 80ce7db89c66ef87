// What a schema is: it reads an untrusted value into a typed one, collecting every problem, and prints itself as JSON Schema.

import type { Diagnostic, JsonObject, Path } from "../../core/index.ts";
import type { IntentKind } from "../intents/intent-kinds.ts";

/** What a name may refer to; `need` is whatever an app may need, `secrets` a key of the secrets slot. */
export type ReferenceTarget = "site" | "cluster" | "environment" | IntentKind | "need" | "secrets";

/** A name that must exist elsewhere in the same definition; checked once the whole is read. */
export interface Reference {
  readonly target: ReferenceTarget;
  readonly name: string;
  readonly path: Path;
}

/** Collects problems while a value is read, and names that must exist elsewhere. */
export interface ReadContext {
  readonly report: (diagnostic: Diagnostic) => void;
  readonly refer?: (reference: Reference) => void;
}

/**
 * Reads a value of unknown shape. `Input` is what a person may write, `Output` what it means with every default filled in.
 * `read` returns undefined exactly when it reported an error at or below `path`.
 */
export interface Schema<Input, Output = Input> {
  read(value: unknown, path: Path, context: ReadContext): Output | undefined;
  /** JSON Schema 2020-12 for the input side. Prose is added by the build from doc comments. */
  jsonSchema(): JsonObject;
  /** What is accepted, in words that follow "expected": `a duration such as "5m"`. */
  readonly expected?: string;
  /** Keys of a record it reads, where these are fixed. */
  readonly keys?: readonly string[];
  /** Type carrier only; never set. */
  readonly input?: Input;
}

/** A schema whose key may be left out; made by `optional`. */
export interface OptionalSchema<Input, Output = Input> extends Schema<Input, Output> {
  /** What a left out key stands for. */
  readonly absent: { readonly output: () => Output | undefined };
}

/** Data a helper function returns: plain, with the name of the component that reads it. */
export type Tagged<Kind extends string = string, Options = unknown> = {
  readonly kind: Kind;
} & Options;
