// A record with known keys. The interface in `Input` is the single source: the compiler demands a schema for exactly its keys.

import type { JsonObject, Path } from "../../core/index.ts";
import { isRecord, setOwn } from "../../core/index.ts";
import { missingKey, unknownKey, wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { OptionalSchema, ReadContext, Schema } from "./schema.ts";

type RequiredField<Input, Output> = Schema<Input, Output> & { readonly absent?: never };

type OutputOf<Output, Key> = Key extends keyof Output ? Output[Key] : never;

/** One schema a key: `optional(…)` exactly where the interface says `?`. */
export type FieldsOf<Input, Output> = {
  readonly [Key in keyof Input]-?: Record<never, never> extends Pick<Input, Key>
    ? OptionalSchema<Exclude<Input[Key], undefined>, OutputOf<Output, Key>>
    : RequiredField<Input[Key], OutputOf<Output, Key>>;
};

/** Any field, as the code that walks them sees it. */
type Field = Schema<unknown> & Partial<Pick<OptionalSchema<unknown>, "absent">>;

const EXPECTED = "a record of settings";

/** Unknown keys are errors; what is left out gets its default. */
export function object<Input extends object, Output extends object = Input>(
  fields: FieldsOf<Input, Output>,
): Schema<Input, Output> {
  const schemas = new Map<string, Field>(Object.entries(fields));
  return {
    expected: EXPECTED,
    keys: [...schemas.keys()],
    read(value, path, context) {
      if (!isRecord(value)) {
        context.report(wrongType(path, { expected: EXPECTED, found: describeValue(value) }));
        return undefined;
      }
      const output = readFields(schemas, value, path, context);
      // FieldsOf ties every key's output type to Output.
      return output as Output | undefined;
    },
    jsonSchema: () => objectJsonSchema(schemas),
  };
}

function readFields(
  schemas: ReadonlyMap<string, Field>,
  value: Record<string, unknown>,
  path: Path,
  context: ReadContext,
): Record<string, unknown> | undefined {
  const output: Record<string, unknown> = {};
  let valid = reportUnknownKeys(schemas, value, path, context);
  for (const [key, schema] of schemas) {
    const there = Object.hasOwn(value, key);
    const field = there
      ? schema.read(value[key], [...path, key], context)
      : schema.absent?.output();
    if (field !== undefined) setOwn(output, key, field);
    else if (there) valid = false;
    else if (schema.absent === undefined) {
      context.report(missingKey([...path, key], { key, expected: schema.expected }));
      valid = false;
    }
  }
  return valid ? output : undefined;
}

function reportUnknownKeys(
  schemas: ReadonlyMap<string, Field>,
  value: Record<string, unknown>,
  path: Path,
  { report }: ReadContext,
): boolean {
  const unknown = Object.keys(value).filter((key) => !schemas.has(key));
  for (const key of unknown)
    report(unknownKey([...path, key], { key, known: [...schemas.keys()] }));
  return unknown.length === 0;
}

function objectJsonSchema(schemas: ReadonlyMap<string, Field>): JsonObject {
  const required = [...schemas].filter(([, { absent }]) => absent === undefined);
  const properties = [...schemas].map(([key, schema]) => [key, schema.jsonSchema()] as const);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required: required.map(([key]) => key) }),
    additionalProperties: false,
  };
}
