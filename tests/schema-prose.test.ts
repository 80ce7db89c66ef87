// The published JSON Schema explains itself: every key a person may write has the words of its doc comment.

import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { describeSchema } from "../scripts/describe-schema.ts";
import { documentedKeys, readDocComments } from "../scripts/doc-comments.ts";
import { registry } from "../src/components/index.ts";
import { isRecord, valueAt } from "../src/core/index.ts";
import { definitionJsonSchema } from "../src/model/index.ts";

const SCHEMA = describeSchema(
  definitionJsonSchema(registry),
  readDocComments(join(import.meta.dirname, "../src")),
);

describe("the prose of the JSON Schema", () => {
  it("is that of the interfaces", () => {
    const app = ["properties", "apps", "additionalProperties", "properties"];
    const described = (...path: string[]): unknown => valueAt(SCHEMA, [...path, "description"]);
    expect(described("properties", "name")).toBe("DNS label; prefixes what is shared with others.");
    expect(described("properties", "ingress")).toMatch(/^Lets requests/);
    expect(described(...app, "image")).toMatch(/^Image reference/);
    expect(described(...app, "scale", "properties", "min")).toMatch(/Default 2\.$/);
  });

  it("covers whatever people write that is not a component's own", () => {
    const own = ["apps", "databases", "queues", "buckets", "roles", "recovery", "environments"];
    const bare = own.flatMap((key) => undescribed(valueAt(SCHEMA, ["properties", key]), key));
    expect(bare).toEqual([]);
  });

  it("tells interfaces with the same keys apart by their component", () => {
    const schema = {
      anyOf: ["a", "b"].map((kind) => ({
        properties: { kind: { const: kind }, size: { type: "string" }, port: { type: "number" } },
      })),
    };
    const sources = [
      ...documentedKeys(
        "interface A { kind: 'a'; /** Of a. */ size: string; /** Both. */ port: 1 }",
        "x/a/o.ts",
      ),
      ...documentedKeys(
        "interface B { kind: 'b'; /** Of b. */ size: string; /** Both. */ port: 1 }",
        "x/b/o.ts",
      ),
    ];
    expect(describeSchema(schema, sources)).toMatchObject({
      anyOf: [
        { properties: { size: { description: "Of a." }, port: { description: "Both." } } },
        { properties: { size: { description: "Of b." }, port: { description: "Both." } } },
      ],
    });
    const unknown = { properties: { size: {}, port: {} } };
    expect(describeSchema(unknown, sources)).toEqual({
      properties: { size: {}, port: { description: "Both." } },
    });
  });
});

describe("documentedKeys", () => {
  it("reads interfaces, aliases and literals, with what they extend", () => {
    const text = `
      /** About the whole. */
      export interface Options extends Base {
        // Not for people.
        plain: string;
        /** One
         * paragraph. */
        "quoted-key"?: { /** Inside. */ deep: number };
      }
      type Alias = { /** Of an alias. */ key: 1 };`;
    const found = documentedKeys(text, "options.ts").map(({ name, extends: parents, keys }) => [
      name,
      parents,
      Object.fromEntries(keys),
    ]);
    expect(found).toEqual([
      ["Options", ["Base"], { plain: "", "quoted-key": "One paragraph." }],
      [undefined, [], { deep: "Inside." }],
      ["Alias", [], { key: "Of an alias." }],
    ]);
  });
});

/** Keys below that have no description; `kind` explains itself. */
function undescribed(schema: unknown, at: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => undescribed(item, at));
  if (!isRecord(schema)) return [];
  const { properties, ...rest } = schema;
  const own = Object.entries(isRecord(properties) ? properties : {}).flatMap(([key, property]) => {
    const bare = isRecord(property) && property["description"] === undefined && key !== "kind";
    return [...(bare ? [`${at}.${key}`] : []), ...undescribed(property, `${at}.${key}`)];
  });
  return [...own, ...Object.values(rest).flatMap((member) => undescribed(member, at))];
}
