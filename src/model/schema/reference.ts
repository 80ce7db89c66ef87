// A name that must exist elsewhere in the same definition.

import { wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { ReferenceTarget, Schema } from "./schema.ts";

const EXPECTED: Readonly<Record<ReferenceTarget, string>> = {
  site: "the name of a site",
  cluster: "the name of a cluster",
  environment: "the name of an environment",
  database: "the name of a database",
  queue: "the name of a queue",
  bucket: "the name of a bucket",
  app: "the name of an app",
  need: "the name of a database, queue, bucket or app",
  secrets: "a key of secrets",
};

/** `reference("bucket")`: the name of a bucket of this platform. Whether it exists is checked when all is read. */
export function reference(target: ReferenceTarget): Schema<string> {
  const expected = EXPECTED[target];
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
