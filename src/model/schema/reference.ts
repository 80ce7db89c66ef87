// A name that must exist elsewhere in the same definition.

import { wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { ReferenceTarget, Schema } from "./schema.ts";

/** `reference("bucket")`: the name of a bucket of this platform. Whether it exists is checked when all is read. */
export function reference(target: ReferenceTarget): Schema<string> {
  const expected = target === "secrets" ? "a key of secrets" : `the name of ${article(target)}`;
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

function article(target: string): string {
  return `${/^[aeiou]/.test(target) ? "an" : "a"} ${target}`;
}
