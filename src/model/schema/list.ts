// A list of items of one shape.

import type { JsonObject, Path } from "../../core/index.ts";
import { canonicalJson } from "../../core/index.ts";
import { duplicateEntry, emptyCollection, wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { ReadContext, Schema } from "./schema.ts";

export interface ListRules {
  /** Items that must be there. Default 0. */
  readonly min?: 0 | 1;
  /** No item may repeat. Default true: definitions list names. */
  readonly unique?: boolean;
}

export function list<Input, Output>(
  item: Schema<Input, Output>,
  { min = 0, unique = true }: ListRules = {},
): Schema<Input[], Output[]> {
  const expected = `a list${item.expected === undefined ? "" : `, each ${item.expected}`}`;
  return {
    expected,
    read(value, path, context) {
      if (!Array.isArray(value)) {
        context.report(wrongType(path, { expected, found: describeValue(value) }));
        return undefined;
      }
      const enough = value.length >= min;
      if (!enough) context.report(emptyCollection(path, { expected: "at least one entry" }));
      const output: Output[] = [];
      // By index: `map` would skip holes.
      for (let index = 0; index < value.length; index += 1) {
        const read = item.read(value[index], [...path, index], context);
        if (read !== undefined) output.push(read);
      }
      const distinct = !unique || reportDuplicates(value, path, context);
      return enough && distinct && output.length === value.length ? output : undefined;
    },
    jsonSchema: (): JsonObject => ({
      type: "array",
      items: item.jsonSchema(),
      ...(min > 0 ? { minItems: min } : {}),
      ...(unique ? { uniqueItems: true } : {}),
    }),
  };
}

function reportDuplicates(value: readonly unknown[], path: Path, { report }: ReadContext): boolean {
  const seen = new Map<string, number>();
  let distinct = true;
  for (const [index, item] of value.entries()) {
    const text = canonicalJson(item) ?? "undefined";
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else {
      distinct = false;
      report(duplicateEntry([...path, index], { text, first: [...path, first] }));
    }
  }
  return distinct;
}
