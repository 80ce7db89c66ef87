// The committed tables are what the script writes from the published data, and lose nothing of a definition but prose.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { generateFacts } from "../scripts/generate-facts.ts";
import { isRecord } from "../src/core/index.ts";
import { fieldSchemaOf, openApiOf } from "../src/kubernetes/index.ts";
import { printSkip } from "./skip.ts";

const root = join(import.meta.dirname, "..");
const data = resolve(root, process.env["KEELSON_TEST_DATA"] ?? "../shared/data");
const isThere = existsSync(data);
if (!isThere) printSkip("committed fact tables", `no published data in ${data}`);

describe.skipIf(!isThere)("committed fact tables", () => {
  it.each(isThere ? generateFacts(data).map(({ path, text }) => [path, text] as const) : [])(
    "%s is up to date",
    (path, text) => {
      expect(readFileSync(join(root, path), "utf8") === text).toBe(true);
    },
  );
});

/** A schema without what the committed tables leave behind on purpose; applied definitions keep it for `kubectl explain`. */
function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (!isRecord(schema)) return schema;
  const { properties, description: _description, ...rest } = schema;
  const entries = Object.entries(rest).map(([key, value]) => {
    return [key, KEPT_AS_IT_IS.has(key) ? value : withoutProse(value)] as const;
  });
  const named = Object.entries(isRecord(properties) ? properties : {});
  const clean = named.map(([name, value]) => [name, withoutProse(value)] as const);
  return {
    ...Object.fromEntries(entries),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(clean) }),
  };
}

const KEPT_AS_IT_IS = new Set(["default", "enum", "x-kubernetes-validations"]);

describe.skipIf(!isThere)("published definitions", () => {
  const projects = ["argo-cd", "envoy-gateway", "gateway-api", "metallb", "sealed-secrets"];
  const files = (isThere ? projects : []).flatMap((project) =>
    readdirSync(join(data, "crds", project)).map((name) => join(data, "crds", project, name)),
  );

  it.each(files)("%s keeps all but its prose", (file) => {
    const documents = parseAllDocuments(readFileSync(file, "utf8")).map((document): unknown =>
      document.toJS(),
    );
    for (const crd of documents) {
      const spec = isRecord(crd) && isRecord(crd["spec"]) ? crd["spec"] : {};
      for (const { schema } of spec["versions"] as { schema: { openAPIV3Schema: unknown } }[]) {
        const written = openApiOf(fieldSchemaOf(schema.openAPIV3Schema));
        expect(withoutProse(written)).toEqual(withoutProse(schema.openAPIV3Schema));
      }
    }
  });
});
