// Every built-in kind's published test object, in which every field is filled, is known to our tables to the last field.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { printSkip } from "../../../tests/skip.ts";
import { isRecord } from "../../core/index.ts";
import { builtinKinds } from "./kind-registry.ts";
import { validateObject } from "./validate-object.ts";

const root = join(import.meta.dirname, "../../..");
const data = resolve(root, process.env["KEELSON_TEST_DATA"] ?? "../shared/data");
const folder = join(data, "kubernetes/api-testdata");
const isThere = existsSync(folder);
if (!isThere) printSkip("published test objects", `none in ${folder}`);

function testObjects(): (readonly [string, Record<string, unknown>])[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.flatMap((name) => {
    const object: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return isRecord(object) ? [[name, object] as const] : [];
  });
}

describe.skipIf(!isThere)("published test objects", () => {
  const served = (isThere ? testObjects() : []).flatMap(([name, object]) => {
    const kind = builtinKinds().find(String(object["apiVersion"]), String(object["kind"]));
    return kind ? [[name, object, kind] as const] : [];
  });

  it("cover most of the kinds served", () => {
    expect(served.length).toBeGreaterThan(60);
  });

  it.each(served)("%s", (_name, object, kind) => {
    const problems = validateObject(object, kind, { status: "written" });
    const text = problems.map(
      (problem) => `${problem.cause.field}: ${problem.kind} ${problem.message}`,
    );
    expect(text).toEqual([]);
  });
});
