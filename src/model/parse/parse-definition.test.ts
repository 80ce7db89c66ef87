// What a definition may say, what is found wrong with it, and where the finding points.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatPath } from "../../core/index.ts";
import { hybrid } from "../../../tests/fixtures/shapes/hybrid.ts";
import { testRegistry } from "../../../tests/fixtures/test-registry.ts";
import { merge } from "../merge.ts";
import { parseDefinition } from "./parse-definition.ts";

/** The hybrid example with something laid over it, by the merge law. */
function changed(override: unknown): unknown {
  return merge(hybrid, override);
}

function findings(raw: unknown): string[] {
  return parseDefinition(raw, testRegistry).diagnostics.map(
    ({ code, path }) => `${code} ${formatPath(path)}`,
  );
}

const ROWS: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["nothing wrong", {}, []],
  [
    "keys nobody reads",
    { databasses: {}, apps: { mailer: { imgae: "x" } } },
    ["model/unknown-key apps.mailer.imgae", "model/unknown-key databasses"],
  ],
  [
    "a local process of an app",
    { apps: { mailer: { dev: { command: ["node", "server.js"], watch: ["src"] } } } },
    [],
  ],
  [
    "a local process without command, and with keys nobody reads",
    { apps: { mailer: { dev: { command: [], dir: "." } } } },
    ["model/empty apps.mailer.dev.command", "model/unknown-key apps.mailer.dev.dir"],
  ],
  ["a missing name", { name: null }, ["model/missing-key name"]],
  ["a name that is none", { name: "My Platform" }, ["model/bad-format name"]],
  [
    "no sites at all",
    { sites: null },
    [
      "model/dangling-reference backup.cluster.copies[0]",
      "model/dangling-reference clusters.cloud.site",
      "model/dangling-reference clusters.local.site",
      "model/dangling-reference clusters.standby.site",
      "model/dangling-reference links[0].between[0]",
      "model/dangling-reference links[0].between[1]",
      "model/missing-key sites",
    ],
  ],
  [
    "an unknown kind of site",
    { sites: { nyc3: { kind: "digitalocaen" } } },
    ["model/unknown-kind sites.nyc3.kind"],
  ],
  [
    "a site as a cluster",
    { clusters: { local: { kind: "on-premise" } } },
    ["model/unknown-kind clusters.local.kind", "model/missing-key clusters.local.site"],
  ],
  [
    "a cluster without site",
    { clusters: { local: { site: null } } },
    ["model/missing-key clusters.local.site"],
  ],
  [
    "a cluster nowhere",
    { clusters: { local: { site: "lap" } } },
    ["model/dangling-reference clusters.local.site"],
  ],
  [
    "a link to nowhere",
    { links: [{ kind: "wireguard", between: ["nyc3", "home"] }] },
    ["model/dangling-reference links[0].between[1]"],
  ],
  [
    "an environment on no cluster",
    { environments: { dev: { clusters: ["loca"] } } },
    ["model/dangling-reference environments.dev.clusters[0]"],
  ],
  ["no environment", { environments: null, overrides: null }, ["model/empty environments"]],
  [
    "an unknown component",
    { metrics: { kind: "promethius" } },
    ["model/unknown-kind metrics.kind"],
  ],
  [
    "a component in the wrong slot",
    { metrics: { kind: "loki" } },
    ["model/unknown-kind metrics.kind"],
  ],
  ["wrong options", { metrics: { retention: "30 days" } }, ["model/bad-format metrics.retention"]],
  ["an additive slot that is no record", { backup: ["velero"] }, ["model/wrong-type backup"]],
  [
    "a need of nothing",
    { apps: { mailer: { needs: ["male"] } } },
    ["model/dangling-reference apps.mailer.needs[0]"],
  ],
  [
    "a need of itself",
    { apps: { mailer: { needs: ["mailer"] } } },
    ["model/needs-itself apps.mailer.needs[0]"],
  ],
  [
    "a need that means two things",
    { databases: { mail: { kind: "postgres" } } },
    ["model/ambiguous-name apps.mailer.needs[0]", "model/ambiguous-name apps.storefront.needs[1]"],
  ],
  [
    "a bucket a component refers to",
    { logs: { bucket: "telemtry" } },
    ["model/dangling-reference logs.bucket"],
  ],
  [
    "a cluster recovery refers to",
    { recovery: { standby: "stand" } },
    ["model/dangling-reference recovery.standby"],
  ],
  [
    "a replica nowhere",
    { databases: { orders: { replicateTo: "x" } } },
    ["model/dangling-reference databases.orders.replicateTo"],
  ],
  [
    "a provider of secrets that is none",
    {
      apps: { mailer: { secrets: { smtp: { keys: ["PASSWORD"], from: "vault" } } } },
    },
    ["model/dangling-reference apps.mailer.secrets.smtp.from"],
  ],
  ["a name with capitals", { apps: { Shop: { image: "x:1" } } }, ["model/bad-name apps.Shop"]],
  [
    "a name no Service can have",
    { apps: { "2048": { image: "x:1" } }, queues: { ["q".repeat(41)]: {} } },
    ['model/bad-name apps["2048"]', `model/bad-name queues.${"q".repeat(41)}`],
  ],
  [
    "a provider of the wrong kind",
    { providers: { postgres: { kind: "elasticmq" } } },
    ["model/unknown-kind providers.postgres.kind"],
  ],
  [
    "a provider of nothing",
    { providers: { database: { kind: "postgres-server" } } },
    ["model/unknown-key providers.database"],
  ],
  [
    "labels that are none",
    { labels: { "a b": "x", team: "y z" } },
    ["model/bad-format labels.team", 'model/bad-name labels["a b"]'],
  ],
  [
    "a secret name that is inherited",
    { apps: { mailer: { needs: ["constructor"] } } },
    ["model/dangling-reference apps.mailer.needs[0]"],
  ],
  // Overrides
  [
    "an override of no environment",
    { overrides: { pord: {} } },
    ["model/dangling-reference overrides.pord"],
  ],
  [
    "an override of the structure",
    { overrides: { prod: { sites: {} } } },
    ["model/not-overridable overrides.prod.sites"],
  ],
  [
    "an override of nothing known",
    { overrides: { prod: { metricks: {} } } },
    ["model/unknown-key overrides.prod.metricks"],
  ],
  [
    "a mistake in an override",
    { overrides: { prod: { metrics: { retention: "x" } } } },
    ["model/bad-format overrides.prod.metrics.retention"],
  ],
  [
    "the same mistake in base, once",
    { metrics: { retention: "x" } },
    ["model/bad-format metrics.retention"],
  ],
  [
    "a key an override takes away",
    { overrides: { prod: { clusters: null, logs: { bucket: merge } } } },
    ["model/not-data overrides.prod.logs.bucket"],
  ],
  [
    "another kind in an override",
    { overrides: { prod: { metrics: { kind: "loki" } } } },
    ["model/unknown-kind overrides.prod.metrics.kind"],
  ],
  [
    "a reference in an override",
    { overrides: { prod: { logs: { bucket: "x" } } } },
    ["model/dangling-reference overrides.prod.logs.bucket"],
  ],
  [
    "an entry but for a slip",
    { overrides: { prod: { buckets: { uplaods: {} } } } },
    ["model/adds-similar-name overrides.prod.buckets.uplaods"],
  ],
  ["an override that is a list", { overrides: { prod: [] } }, ["model/wrong-type overrides.prod"]],
];

describe("parseDefinition", () => {
  it.each(ROWS)("%s", (_name, override, expected) => {
    expect(findings(changed(override))).toEqual(expected);
  });

  it("removal that leaves something needed behind is found where it was removed", () => {
    const raw = { ...hybrid, overrides: { prod: { buckets: { telemetry: null } } } };
    const { diagnostics } = parseDefinition(raw, testRegistry);
    expect(diagnostics).toMatchObject([
      {
        code: "model/dangling-reference",
        path: ["logs", "bucket"],
        related: [{ path: ["overrides", "prod", "buckets", "telemetry"], message: "removed here" }],
      },
    ]);
  });

  it("removal of nothing is said once", () => {
    const raw = { ...hybrid, overrides: { prod: { buckets: { uploadz: null } } } };
    const { diagnostics, value } = parseDefinition(raw, testRegistry);
    expect(diagnostics).toMatchObject([
      { code: "model/nothing-to-remove", severity: "warning", hint: 'did you mean "uploads"?' },
    ]);
    expect(value).toBeDefined();
  });

  it.each([
    ["a kind", { metrics: { kind: "promethius" } }, 'did you mean "prometheus"?'],
    ["a need", { apps: { mailer: { needs: ["mial"] } } }, 'did you mean "mail"?'],
    ["a key", { apps: { mailer: { relaese: {} } } }, 'did you mean "release"?'],
    ["an environment", { overrides: { prdo: {} } }, 'did you mean "prod"?'],
    ["all there is", { metrics: { kind: "nagios" } }, "choose prometheus"],
  ])("suggests %s", (_name, override, hint) => {
    expect(parseDefinition(changed(override), testRegistry).diagnostics[0]?.hint).toBe(hint);
  });

  it("says where a kind belongs", () => {
    const { diagnostics } = parseDefinition(changed({ metrics: { kind: "loki" } }), testRegistry);
    expect(diagnostics[0]?.message).toBe('"loki" is a logs component, not a metrics component');
  });

  it("lays each environment's overrides over the rest", () => {
    const { value } = parseDefinition(hybrid, testRegistry);
    const [dev, prod] = ["dev", "prod"].map((name) => value?.environments.get(name)?.settings);
    expect(dev?.databases.get("orders")?.instances).toBe(1);
    expect(prod?.databases.get("orders")?.instances).toBe(3);
    expect(dev?.apps.get("storefront")?.release.kind).toBe("rolling");
    expect(prod?.apps.get("storefront")?.release.kind).toBe("canary");
  });

  it("gives the same definition whatever the order of keys", () => {
    const names = (raw: unknown): unknown => {
      const { value } = parseDefinition(raw, testRegistry);
      return JSON.stringify(
        value &&
          [...value.environments].map(([name, { settings }]) => [
            name,
            [...settings.apps],
            [...settings.buckets],
            settings.slots.map(({ slot, key, options }) => [slot.name, key, options]),
          ]),
      );
    };
    expect(names(reversed(hybrid))).toBe(names(hybrid));
  });
});

describe("any definition", () => {
  it("gives findings or a value, and never a throw", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 5 }), (raw) => {
        const { value, diagnostics } = parseDefinition(raw, testRegistry);
        expect(value === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
    );
  });

  it("one wrong value anywhere in a right definition never throws, and is worded like the rest", () => {
    const places = pathsOf(hybrid, []);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (path, wrong) => {
        const { diagnostics, value } = parseDefinition(replaced(hybrid, path, wrong), testRegistry);
        expect(value === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
        for (const { message } of diagnostics) expect(message).toMatch(/^[^A-Z]/);
      }),
      { numRuns: 500 },
    );
  });

  it("__proto__ anywhere is a key like any other", () => {
    const text = JSON.stringify(hybrid).replaceAll(/\{/g, '{"__proto__":{"kind":"x"},');
    const raw: unknown = JSON.parse(text.replaceAll(",}", "}"));
    const { diagnostics } = parseDefinition(raw, testRegistry);
    expect(diagnostics.map(({ path }) => path.at(-1))).toContain("__proto__");
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

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
