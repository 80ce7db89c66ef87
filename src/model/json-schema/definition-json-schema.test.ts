// The printed schema says what the parser does: on whole platforms, and on platforms with one thing wrong.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { homeLab } from "../../../tests/fixtures/shapes/home-lab.ts";
import { hybrid } from "../../../tests/fixtures/shapes/hybrid.ts";
import { testRegistry } from "../../../tests/fixtures/test-registry.ts";
import { matchesJsonSchema } from "../../../tests/fixtures/json-schema-match.ts";
import { merge } from "../merge.ts";
import { parseDefinition } from "../parse/parse-definition.ts";
import { definitionJsonSchema } from "./definition-json-schema.ts";

const SCHEMA = definitionJsonSchema(testRegistry);

describe("definitionJsonSchema", () => {
  it.each([
    ["hybrid", hybrid],
    ["home lab", homeLab],
  ])("accepts the %s platform", (_name, platform) => {
    expect(matchesJsonSchema(platform, SCHEMA)).toBe(true);
  });

  it.each([
    ["an unknown key", { databasses: {} }],
    ["a missing name", { name: null }],
    ["a wrong type", { name: 5 }],
    ["an unknown kind", { metrics: { kind: "nagios" } }],
    ["a component in the wrong slot", { metrics: { kind: "loki", bucket: "telemetry" } }],
    ["a wrong option", { metrics: { retention: 30 } }],
    ["an unknown option", { metrics: { retain: "30d" } }],
    ["a cluster without site", { clusters: { local: { site: null } } }],
    ["a need that is no name", { apps: { mailer: { needs: [5] } } }],
    ["a name with capitals", { apps: { Shop: { image: "x:1" } } }],
    ["a replica too few", { apps: { storefront: { scale: { min: 0 } } } }],
    ["no environment", { environments: null }],
    ["an override of the structure", { overrides: { prod: { sites: {} } } }],
    ["a wrong value in an override", { overrides: { prod: { metrics: { retention: 5 } } } }],
  ])("refuses %s, as the parser does", (_name, change) => {
    const raw = merge(hybrid, change);
    expect(matchesJsonSchema(raw, SCHEMA)).toBe(false);
    expect(parseDefinition(raw, testRegistry).value).toBeUndefined();
  });

  it("never refuses what the parser accepts", () => {
    const places = pathsOf(hybrid, []);
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("1h", "5Gi", "orders", "dev", 2, 80, {}, [], null, false, "rolling"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), values, (path, value) => {
        const raw = replaced(hybrid, path, value);
        if (parseDefinition(raw, testRegistry).value === undefined) return;
        expect(matchesJsonSchema(raw, SCHEMA)).toBe(true);
      }),
      {
        numRuns: 300,
        // Found once: what removes nothing may be called anything.
        examples: [
          [["overrides", "dev", "apps", "storefront"], { "": null }],
          [["overrides", "dev"], { apps: { "": null } }],
        ],
      },
    );
  });

  it("prints defaults", () => {
    expect(SCHEMA).toMatchObject({
      properties: {
        apps: {
          additionalProperties: {
            properties: { scale: { properties: { cpu: { default: 70, minimum: 1 } } } },
          },
        },
        overrides: {
          additionalProperties: {
            properties: { loadBalancer: { anyOf: [{ anyOf: [{}] }, { type: "null" }] } },
          },
        },
      },
    });
  });
});

type Step = string | number;

function pathsOf(value: unknown, path: Step[]): Step[][] {
  if (typeof value !== "object" || value === null) return [path];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function replaced(value: unknown, [step, ...rest]: Step[], wrong: unknown): unknown {
  if (step === undefined) return wrong;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? replaced(item, rest, wrong) : item));
  }
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([key, member]) => [key, key === step ? replaced(member, rest, wrong) : member]),
  );
}
