// Every definition that Keelson installs in an embedded cluster is structural, and has rules that compile and that a server can afford.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { versionPartCauses } from "../src/cluster/api/validation/definitions/version-parts.ts";
import { isRecord } from "../src/core/index.ts";
import {
  crdObjects,
  type FactText,
  fieldSchemaOf,
  loadExpressions,
} from "../src/kubernetes/index.ts";

const components = join(import.meta.dirname, "../src/components");

async function installedSchemas(): Promise<readonly (readonly [name: string, schema: unknown])[]> {
  const files = (readdirSync(components, { recursive: true }) as string[]).filter((file) =>
    file.endsWith("crds.facts.ts"),
  );
  const modules = await Promise.all(
    files.sort().map((file) => import(join(components, file)) as Promise<Record<string, FactText>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .flatMap(crdObjects)
    .flatMap(({ metadata, spec }) => {
      const versions: unknown = isRecord(spec) ? spec["versions"] : [];
      if (!Array.isArray(versions)) return [];
      return versions.filter(isRecord).map((version) => {
        const { name, schema } = version;
        const openApi = isRecord(schema) ? schema["openAPIV3Schema"] : undefined;
        return [`${metadata.name} ${String(name)}`, openApi] as const;
      });
    });
}

describe("installed definitions", () => {
  it("are accepted with their schemas and rules", async () => {
    const { definitionRuleCauses } = await loadExpressions();
    const schemas = await installedSchemas();
    const faults = schemas.flatMap(([name, schema]) =>
      definitionRuleCauses(fieldSchemaOf(schema), name).map(
        ({ field, message }) => `${field}: ${message}`,
      ),
    );
    const others = schemas.flatMap(([name, openAPIV3Schema]) =>
      versionPartCauses([{ name, schema: { openAPIV3Schema } }]),
    );
    expect([...faults, ...others]).toEqual([]);
    expect(schemas.length).toBeGreaterThan(100);
  }, 60_000);
});
