// Values out of a closed set: literals, one of two shapes, or shapes told apart by `kind`.

import type { Diagnostic, JsonObject, Path } from "../../core/index.ts";
import { isRecord, setOwn } from "../../core/index.ts";
import { missingKey, unknownChoice, unknownKind, wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { ReadContext, Reference, Schema } from "./schema.ts";

export function boolean(): Schema<boolean> {
  const expected = "true or false";
  return {
    expected,
    read(value, path, { report }) {
      if (typeof value === "boolean") return value;
      report(wrongType(path, { expected, found: describeValue(value) }));
      return undefined;
    },
    jsonSchema: () => ({ type: "boolean" }),
  };
}

/** One of a few literals. */
export function oneOf<const Choice extends string | number | boolean>(
  choices: readonly Choice[],
): Schema<Choice> {
  return {
    expected: choices.map((choice) => JSON.stringify(choice)).join(" or "),
    read(value, path, { report }) {
      const choice = choices.find((candidate) => candidate === value);
      if (choice === undefined)
        report(unknownChoice(path, { found: describeValue(value), choices }));
      return choice;
    },
    jsonSchema: () => ({ enum: [...choices] }),
  };
}

/** Either shape. What does not fit is reported as the shape it came closest to. */
export function either<FirstInput, First, SecondInput, Second>(
  first: Schema<FirstInput, First>,
  second: Schema<SecondInput, Second>,
): Schema<FirstInput | SecondInput, First | Second> {
  const expected = [first, second].map((schema) => schema.expected ?? "a value").join(", or ");
  return {
    expected,
    read(value, path, context) {
      const attempts = [attempt(first, value, path), attempt(second, value, path)];
      const success = attempts.find(({ output }) => output !== undefined);
      if (success !== undefined) {
        success.references.forEach((reference) => context.refer?.(reference));
        success.diagnostics.forEach((diagnostic) => context.report(diagnostic));
        return success.output;
      }
      const close = attempts.filter(({ diagnostics }) => isClose(diagnostics, path));
      const [closest, ...others] = close;
      if (closest !== undefined && others.length === 0) closest.diagnostics.forEach(context.report);
      else context.report(wrongType(path, { expected, found: describeValue(value) }));
      return undefined;
    },
    jsonSchema: () => ({ anyOf: [first.jsonSchema(), second.jsonSchema()] }),
  };
}

interface Attempt<Output> {
  readonly output: Output | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly references: readonly Reference[];
}

function attempt<Output>(
  schema: Schema<unknown, Output>,
  value: unknown,
  path: Path,
): Attempt<Output> {
  const diagnostics: Diagnostic[] = [];
  const references: Reference[] = [];
  const output = schema.read(value, path, {
    report: (diagnostic) => diagnostics.push(diagnostic),
    refer: (reference) => references.push(reference),
  });
  return { output, diagnostics, references };
}

/** The value has the right type; something further in, or its range or form, is wrong. */
function isClose(diagnostics: readonly Diagnostic[], path: Path): boolean {
  const far = new Set<string>([wrongType.code, unknownChoice.code]);
  return diagnostics.every(({ path: at, code }) => at.length > path.length || !far.has(code));
}

type Member<Union, Kind> = Omit<Extract<Union, { readonly kind: Kind }>, "kind">;
interface Kinded {
  readonly kind: string;
}

/** The schema of each member's other keys, by its `kind`. */
export type MembersOf<Input extends Kinded, Output extends Kinded> = {
  readonly [Kind in Input["kind"]]: Schema<Member<Input, Kind>, Member<Output, Kind>>;
};

/** Shapes told apart by their `kind`. */
export function union<Input extends Kinded, Output extends Kinded = Input>(
  place: string,
  members: MembersOf<Input, Output>,
): Schema<Input, Output> {
  const byKind = new Map<string, Schema<unknown, object>>(Object.entries(members));
  return {
    expected: `a ${place} with a kind: ${[...byKind.keys()].join(", ")}`,
    read(value, path, context) {
      const tagged = readKind(value, path, { place, known: [...byKind.keys()] }, context);
      if (tagged === undefined) return undefined;
      const output = byKind.get(tagged.kind)?.read(tagged.options, path, context);
      // MembersOf ties each member's output to Output.
      return output && ({ kind: tagged.kind, ...output } as unknown as Output);
    },
    jsonSchema: () => ({
      anyOf: [...byKind].map(([kind, schema]) => taggedJsonSchema(kind, schema.jsonSchema())),
    }),
  };
}

/** Where a tagged record stands, and what may stand there. */
export interface Place {
  /** In the singular: `ingress`, `database provider`. */
  readonly place: string;
  readonly known: readonly string[];
  /** What a kind that does not belong here is for. */
  readonly belongs?: (kind: string) => string | undefined;
}

/** The `kind` of a record and its other keys; reports what is neither. */
export function readKind(
  value: unknown,
  path: Path,
  { place, known, belongs }: Place,
  { report }: ReadContext,
): { readonly kind: string; readonly options: Record<string, unknown> } | undefined {
  const expected = `a ${place}, a record with a kind`;
  if (!isRecord(value)) {
    report(wrongType(path, { expected, found: describeValue(value) }));
    return undefined;
  }
  const kind = Object.hasOwn(value, "kind") ? value["kind"] : undefined;
  if (kind === undefined) {
    report(missingKey([...path, "kind"], { key: "kind", expected: known.join(", ") }));
  } else if (typeof kind !== "string") {
    report(wrongType([...path, "kind"], { expected: "a name", found: describeValue(kind) }));
  } else if (!known.includes(kind)) {
    report(unknownKind([...path, "kind"], { kind, place, known, belongs: belongs?.(kind) }));
  } else {
    return { kind, options: withoutKind(value) };
  }
  return undefined;
}

function withoutKind(value: Record<string, unknown>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const key of Object.keys(value)) if (key !== "kind") setOwn(options, key, value[key]);
  return options;
}

/** A record's schema with its `kind` added as the first, required key. */
export function taggedJsonSchema(kind: string, options: JsonObject): JsonObject {
  const { properties, required } = options;
  const keys = Array.isArray(required) ? required : [];
  return {
    ...options,
    properties: {
      kind: { const: kind },
      ...(isRecord(properties) ? properties : {}),
    } as JsonObject,
    required: ["kind", ...keys],
  };
}
