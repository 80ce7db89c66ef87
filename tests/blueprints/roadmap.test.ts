// What a blueprint's roadmap has for later, switched on alone: where Keelson can do it, the platform compiles and checks clean with
// it; where it cannot, asking for it now is said and nothing else changes.

import { describe, expect, it } from "vitest";

import {
  externalSecrets,
  falco,
  fluentBit,
  gatekeeper,
  istio,
  linkerd,
  loki,
  type Platform,
} from "../../src/index.ts";
import { merge } from "../../src/model/index.ts";
import { unexpectedFindings } from "./findings.ts";
import {
  BLUEPRINTS,
  compileBlueprint,
  shippedBlueprint,
  type Blueprint,
} from "./shipped-blueprints.ts";

interface Row {
  readonly blueprint: string;
  /** Keys of its roadmap. */
  readonly items: readonly string[];
  readonly to: object;
  /** What is in the tree then. */
  readonly brings: RegExp;
  readonly environment: string;
}

const ROWS: readonly Row[] = [
  {
    blueprint: "hybrid",
    items: ["service-mesh"],
    to: { mesh: linkerd({ trustAnchor: "PEM" }) },
    brings: /AuthorizationPolicy/,
    environment: "prod",
  },
  {
    blueprint: "managed",
    items: ["service-mesh"],
    to: { mesh: istio() },
    brings: /PeerAuthentication/,
    environment: "prod",
  },
  {
    blueprint: "greenfield",
    items: ["policy"],
    to: { policy: gatekeeper() },
    brings: /ConstraintTemplate/,
    environment: "prod",
  },
  {
    blueprint: "greenfield",
    items: ["runtime-security"],
    to: { runtimeSecurity: falco() },
    brings: /falco/,
    environment: "prod",
  },
  {
    blueprint: "greenfield",
    items: ["log-aggregation"],
    to: { logs: loki({ to: "logs" }), logShipping: fluentBit(), buckets: { logs: {} } },
    brings: /loki/,
    environment: "prod",
  },
  {
    blueprint: "greenfield",
    items: ["fault-injection"],
    to: { apps: { fastapi: { traffic: { faults: { delay: { by: "2s", percent: 10 } } } } } },
    brings: /fixedDelay/,
    environment: "dev",
  },
  {
    blueprint: "greenfield",
    items: ["progressive-delivery", "rollback-automation"],
    to: {
      apps: {
        fastapi: {
          release: {
            kind: "canary",
            steps: [5, 25, 50, 100],
            analysis: { errorRate: 1, latency: "500ms" },
          },
        },
      },
    },
    brings: /AnalysisTemplate/,
    environment: "prod",
  },
  {
    blueprint: "greenfield",
    items: ["secret-rotation"],
    to: {
      secrets: {
        kept: externalSecrets({ aws: { region: "eu-central-1" }, refresh: "10m" }),
      },
    },
    brings: /refreshInterval/,
    environment: "prod",
  },
];

/** With one environment alone, which is all that is looked at. */
function changed(
  { definition, ...blueprint }: Blueprint,
  { to, environment }: Pick<Row, "to" | "environment">,
): Blueprint {
  const { environments, overrides = {} } = definition;
  const kept = Object.entries(environments).filter(([name]) => name === environment);
  const over = Object.entries(overrides).filter(([name]) => name === environment);
  const one = {
    ...definition,
    environments: Object.fromEntries(kept),
    overrides: Object.fromEntries(over),
  };
  return { ...blueprint, definition: merge(one, to) as Platform };
}

describe("switched on alone", () => {
  it.each(ROWS)("$items of $blueprint", async ({ blueprint, items, to, brings, environment }) => {
    const shipped = shippedBlueprint(blueprint);
    const roadmap = (shipped.definition.roadmap ?? {}) as Readonly<Record<string, unknown>>;
    expect(Object.keys(roadmap)).toEqual(expect.arrayContaining([...items]));
    const compiled = compileBlueprint(changed(shipped, { to, environment }));
    expect([...compiled.tree.values()].join("\n")).toMatch(brings);
    expect(await unexpectedFindings(compiled)).toEqual([]);
  });
});

describe("asked for now", () => {
  it.each(BLUEPRINTS)("$name says of each item that it is not there", (blueprint) => {
    const roadmap = Object.entries(
      (blueprint.definition.roadmap ?? {}) as Readonly<Record<string, object>>,
    );
    const [environment = ""] = Object.keys(blueprint.definition.environments);
    const core = Object.fromEntries(
      roadmap.map(([name, item]) => [name, { ...item, maturity: "core" }]),
    );
    const [target] = compileBlueprint(
      changed(blueprint, { to: { roadmap: core }, environment }),
    ).targets;
    const wishes = target?.plan.roadmap.map(({ name, maturity }) => `${name} ${maturity}`);
    expect(wishes).toEqual(roadmap.map(([name]) => `${name} core`).toSorted());
  });
});
