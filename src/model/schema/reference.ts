// A name that must exist elsewhere in the same definition.

import { wrongType } from "../diagnostics.ts";
import { NEEDED_KINDS } from "../intents/intent-kinds.ts";
import { describeValue } from "./found.ts";
import type { ReferenceTarget, Schema } from "./schema.ts";

/** `reference("bucket")`: the name of a bucket of this platform. Whether it exists is checked when all is read. */
export function reference(target: ReferenceTarget): Schema<string> {
  const expected = expectedName(target);
  return {
    expected,
    read(value, path, { report, refer }) {
      if (typeof value !== "string") {
        report(wrongType(path, { expected, found: describeValue(value) }));
        return undefined;
      }
      refer?.({ target, name: value, path });
      return value;
    },
    jsonSchema: () => ({ type: "string", minLength: 1 }),
  };
}

function expectedName(target: ReferenceTarget): string {
  if (target === "secrets") return "a key of secrets";
  const what = target === "need" ? NEEDED_KINDS : target;
  return `the name of ${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
}
