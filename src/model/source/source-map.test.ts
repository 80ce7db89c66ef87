import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { parsePath, type Path } from "../../core/index.ts";
import { locateDiagnostics, sourceMapOf } from "./source-map.ts";

const load = createRequire(import.meta.url);
const path = (text: string): Path => {
  const parsed = parsePath(text);
  if (parsed === undefined) throw new Error(`no path: ${text}`);
  return parsed;
};

/** The text a path points at, prefixed by `~` when it is near. */
function pointed(file: string, source: string, where: string): string | undefined {
  const span = sourceMapOf(file, source, load).spanAt(path(where));
  if (span === undefined) return undefined;
  return (span.near === true ? "~" : "") + source.slice(span.start, span.end);
}

const PLATFORM = `import { canary, definePlatform, postgres, queue, rolling } from "keelson";
import { shared } from "./shared.ts";

const HOST = "shop";
const SIZES = { small: { cpu: "100m" }, large: { cpu: "2" } } as const;
const orders = postgres({ instances: 3, storage: "20Gi" });
const common = { replicas: 2, probe: { path: "/healthz" } };
const ports = [80, 443];
const loop = loop2, loop2 = loop;
const base = (port: number) => port + 1;

export default definePlatform({
  name: "harbour",
  "domain": \`harbour.example.com\`,
  databases: { orders, users: postgres({ instances: 1 }) },
  queues: { mail: queue({ deadLetterAfter: 5 }), plain: queue() },
  apps: {
    ["storefront"]: {
      ...common,
      image: \`ghcr.io/\${HOST}\`,
      route: { host: HOST, port: 8080 + 1, other: base(1) },
      needs: ["orders", "mail"] satisfies string[],
      scale: { min: -1, max: (10), cpu: SIZES.small.cpu, memory: SIZES["none"] },
      release: canary([5, 25], { pause: "1m" }),
      ports: [22, ...ports, 8080],
      env: [{ name: "A", value: "1" }, { name: "B", value: "2" }],
      replicas: 4,
    },
    admin: { ...shared, image: "admin", ...common },
    mailer: { release: rolling(), get route() { return {}; }, [HOST + "x"]: 1 },
    loop,
  },
  delivery: shared.delivery,
} satisfies object);
`;

describe("platform.ts", () => {
  it.each([
    ["name", '"harbour"'],
    ["domain", "`harbour.example.com`"],
    // Constants and shorthand.
    ["databases.orders", 'postgres({ instances: 3, storage: "20Gi" })'],
    ["databases.orders.storage", '"20Gi"'],
    ["apps.storefront.route.host", '"shop"'],
    ["apps.storefront.scale.cpu", '"100m"'],
    // Helper calls.
    ["databases.users", "postgres({ instances: 1 })"],
    ["databases.users.instances", "1"],
    ["databases.users.kind", "~postgres({ instances: 1 })"],
    ["queues.mail.deadLetterAfter", "5"],
    ["queues.plain", "queue()"],
    ["queues.plain.deadLetterAfter", "~queue()"],
    ["apps.storefront.release", 'canary([5, 25], { pause: "1m" })'],
    ["apps.storefront.release.steps[1]", '~canary([5, 25], { pause: "1m" })'],
    ["apps.storefront.release.pause", '"1m"'],
    // Spreads; the last one wins.
    ["apps.storefront.probe.path", '"/healthz"'],
    ["apps.storefront.replicas", "4"],
    ["apps.admin.image", '"admin"'],
    ["apps.admin.replicas", "2"],
    ["apps.admin.route", "~...shared"],
    // Lists.
    ["apps.storefront.needs[1]", '"mail"'],
    ["apps.storefront.needs[2]", '~["orders", "mail"]'],
    ["apps.storefront.ports[2]", "443"],
    ["apps.storefront.ports[3]", "8080"],
    ["apps.storefront.env[name=B].value", '"2"'],
    [
      "apps.storefront.env[name=C].value",
      '~[{ name: "A", value: "1" }, { name: "B", value: "2" }]',
    ],
    // Numbers as they are written.
    ["apps.storefront.scale.min", "-1"],
    ["apps.storefront.scale.max", "10"],
    // Computed values.
    ["apps.storefront.image", "~`ghcr.io/${HOST}`"],
    ["apps.storefront.route.port", "~8080 + 1"],
    ["apps.storefront.route.other", "base(1)"],
    ["apps.storefront.scale.memory", '~SIZES["none"]'],
    ["apps.mailer.route.host", "~get route() { return {}; }"],
    ["apps.mailer.image", '~[HOST + "x"]: 1'],
    ["apps.loop.image", "~loop2"],
    ["delivery", "~shared.delivery"],
    ["delivery.repository", "~shared.delivery"],
    // What is not there.
    ["queues.none", "~{ mail: queue({ deadLetterAfter: 5 }), plain: queue() }"],
  ])("%s is %s", (where, text) => expect(pointed("platform.ts", PLATFORM, where)).toBe(text));

  it.each([
    ["a constant", "const platform = definePlatform({ name: 'a' });\nexport default platform;"],
    ["a named constant", "export const platform = k.definePlatform({ name: 'a' } as const);"],
    ["a plain object", "export default { name: 'a' };"],
    ["a plain constant", "const p = { name: 'a' };\nexport default p satisfies object;"],
  ])("is found as %s", (_, source) => expect(pointed("platform.ts", source, "name")).toBe("'a'"));

  it("has no positions without a definition, or when it cannot be parsed", () => {
    expect(pointed("platform.ts", "const a = 1;", "name")).toBeUndefined();
    expect(pointed("platform.ts", "export default {{{", "name")).toBeUndefined();
  });

  it("points at keys", () => {
    const span = sourceMapOf("platform.ts", PLATFORM, load).keySpanAt(path("databases.users"));
    expect(span && PLATFORM.slice(span.start, span.end)).toBe("users");
  });
});

const YAML = `# comment
name: harbour
common: &common
  replicas: 2
apps:
  storefront:
    <<: *common
    image: "web"
    env:
    - {name: A, value: one}
    - {name: B, value: two}
    text: |
      several
      lines
    empty:
  admin: *common
`;

it.each([
  ["name", "harbour"],
  ["apps.storefront.image", '"web"'],
  ["apps.storefront.env[1].value", "two"],
  ["apps.storefront.env[name=A].value", "one"],
  ["apps.storefront.env[7]", "~- {name: A, value: one}\n    - {name: B, value: two}\n"],
  ["apps.storefront.text", "|\n      several\n      lines\n"],
  ["apps.storefront.replicas", "~2"],
  ["apps.admin.replicas", "~2"],
  ["apps.admin.none", "~replicas: 2\n"],
])("platform.yaml: %s is %j", (where, text) => {
  expect(pointed("platform.yaml", YAML, where)).toBe(text);
});

it("reads JSON", () => {
  const source = '{\n\t"apps": { "web": { "ports": [80, 81] } }\n}\n';
  expect(pointed("platform.json", source, "apps.web.ports[1]")).toBe("81");
  expect(pointed("platform.json", "", "apps")).toBeUndefined();
});

it("fills in the spans of findings", () => {
  const source = sourceMapOf("platform.yaml", YAML, load);
  const severity = "error";
  const located = locateDiagnostics(
    [
      { code: "model/unknown-key", severity, path: path("apps.admin"), message: "m" },
      {
        code: "a/b",
        severity,
        path: path("apps.storefront.image"),
        message: "m",
        related: [
          { path: path("name"), message: "r" },
          { path: [], message: "plain" },
        ],
      },
    ],
    source,
  );
  const texts = located.map(({ span }) => span && YAML.slice(span.start, span.end));
  expect(texts).toEqual(["admin", '"web"']);
  expect(located[1]?.related?.map(({ span }) => span?.start)).toEqual([
    YAML.indexOf("harbour"),
    undefined,
  ]);
});
