// Whole platforms as people write them: the types accept them (tsc reads this file too) and so does the parser.

import { describe, expect, it } from "vitest";

import { parseDefinition } from "../src/model/index.ts";
import { homeLab } from "./fixtures/shapes/home-lab.ts";
import { hybrid } from "./fixtures/shapes/hybrid.ts";
import { definePlatform, testRegistry } from "./fixtures/test-registry.ts";

describe.each([
  ["hybrid", hybrid],
  ["home lab", homeLab],
])("the %s platform", (_name, platform) => {
  it("is accepted as written", () => {
    expect(parseDefinition(platform, testRegistry).diagnostics).toEqual([]);
  });

  it("is plain data: JSON says the same", () => {
    const copy: unknown = JSON.parse(JSON.stringify(platform));
    expect(copy).toEqual(platform);
    expect(parseDefinition(copy, testRegistry).diagnostics).toEqual([]);
  });
});

describe("the types", () => {
  it("refuse what the parser would refuse", () => {
    definePlatform({
      ...hybrid,
      // @ts-expect-error no such component
      metrics: { kind: "promethius" },
      // @ts-expect-error no such option
      logs: { kind: "loki", buckets: "x" },
      // @ts-expect-error no such level
      roles: { me: { level: "god", groups: ["x"] } },
      overrides: {
        // @ts-expect-error sites are the same everywhere
        prod: { sites: {} },
      },
    });
    expect(true).toBe(true);
  });

  it("let an override change one option, remove a slot and replace a component", () => {
    const platform = definePlatform({
      ...homeLab,
      overrides: {
        prod: {
          backup: { nightly: { keep: "60d" } },
          metrics: null,
          providers: { database: { kind: "postgres-server" } },
          apps: { web: { env: { LOG_LEVEL: null } } },
        },
      },
    });
    expect(parseDefinition(platform, testRegistry).diagnostics).toEqual([]);
  });
});
