// Every rule in the published CustomResourceDefinitions of the projects Keelson knows compiles and is within its budget; servers have
// accepted them all.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { isRecord } from "../../../core/index.ts";
import { fieldSchemaOf } from "../../schemas/openapi-schema.ts";
import { printSkip } from "../../../../tests/skip.ts";
import { definitionRuleCauses } from "./definition-rules.ts";

const root = resolve(import.meta.dirname, "../../../..");
const folder = join(resolve(root, process.env["KEELSON_TEST_DATA"] ?? "../shared/data"), "crds");
const isThere = existsSync(folder);
if (!isThere) printSkip("published rules", `${folder} does not exist`);

const WORD = "x-kubernetes-validations:";

/** Only documents that have rules are read as YAML, which is slow. Some are templates of charts: the reader is lenient. */
function schemasWithRules(): readonly (readonly [name: string, schema: unknown])[] {
  const files = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return files
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split(/^---.*$/m))
    .filter((text) => text.includes(WORD))
    .flatMap((text) =>
      schemasOf(
        parseDocument(withoutProse(text), { uniqueKeys: false, prettyErrors: false }).toJS(),
      ),
    );
}

const KEY = /^( *)(?:- )?[-\w."'/$]+:(?: |$)/;

/** Descriptions are most of a definition. */
function withoutProse(text: string): string {
  let depth = Infinity;
  const kept = text.split("\n").filter((line) => {
    const indentation = KEY.exec(line)?.[1]?.length ?? Infinity;
    if (indentation > depth) return false;
    const isProse = /^ *description: \S/.test(line);
    if (line.trim() === "" && depth !== Infinity) return false;
    if (indentation === Infinity && depth !== Infinity && !/^ *- /.test(line)) return false;
    depth = isProse ? indentation : Infinity;
    return !isProse;
  });
  return kept.join("\n");
}

function schemasOf(definition: unknown): readonly (readonly [string, unknown])[] {
  const spec = isRecord(definition) ? definition["spec"] : undefined;
  if (!isRecord(spec) || !Array.isArray(spec["versions"])) return [];
  const { names, versions } = spec;
  return versions.filter(isRecord).map((version) => {
    const schema = version["schema"];
    const name = `${isRecord(names) ? String(names["kind"]) : ""} ${String(version["name"])}`;
    return [name, isRecord(schema) ? schema["openAPIV3Schema"] : undefined];
  });
}

function countRules(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countRules(item), 0);
  if (!isRecord(value)) return 0;
  const own = value["x-kubernetes-validations"];
  return (Array.isArray(own) ? own.length : 0) + countRules(Object.values(value));
}

describe.skipIf(!isThere)("published rules", () => {
  it("all compile, and none costs too much", () => {
    const schemas = schemasWithRules();
    const faults = schemas.flatMap(([name, schema]) =>
      definitionRuleCauses(fieldSchemaOf(schema), name).map(
        ({ field, message }) => `${field}: ${message}`,
      ),
    );
    const count = schemas.reduce((sum, [, schema]) => sum + countRules(schema), 0);
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(2000);
  }, 120_000);
});
