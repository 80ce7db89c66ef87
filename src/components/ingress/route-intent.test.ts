// What a person may ask of a route, through every ingress: each writes it in objects its own kinds take, and what it cannot
// do is found while the plan is made.

import { describe, expect, it } from "vitest";

import { builtinKinds, createKindRegistry, validateObject } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { registry } from "../index.ts";
import { harbour } from "../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../testing/plan.ts";

const COMMON = {
  redirects: { "/old": "/new", "/away": "https://example.com/there" },
  rateLimit: { requests: 20, per: "minute" },
  timeout: "5s",
  bodySize: "8Mi",
};
const CALLBACK = { payments: { path: "/webhooks/payments", bodySize: "1Mi" } };

interface Row {
  readonly kind: string;
  /** Beside the common ones. */
  readonly can: object;
  readonly cannot: Readonly<Record<string, object>>;
  /** Objects of the storefront's route and what they say. */
  readonly writes: readonly (readonly [kind: string, name: string, spec: object])[];
}

const SOURCES = { allowFrom: ["203.0.113.0/24"] };
const RETRIES = { retries: { max: 1, on: [503] } };
const HEADERS = { headers: { "x-beta": "yes" } };

const ROWS: readonly Row[] = [
  {
    kind: "nginx-gateway-fabric",
    can: HEADERS,
    cannot: { sources: SOURCES, retries: RETRIES },
    writes: [
      ["RateLimitPolicy", "storefront", { rateLimit: { rejectCode: 429 } }],
      ["ProxySettingsPolicy", "storefront", { timeout: { read: "5s" } }],
      ["ClientSettingsPolicy", "storefront", { body: { maxSize: "8m" } }],
      ["ClientSettingsPolicy", "storefront-payments", { body: { maxSize: "1m" } }],
    ],
  },
  {
    kind: "envoy-gateway",
    can: { ...HEADERS, ...SOURCES, ...RETRIES },
    cannot: {},
    writes: [
      [
        "BackendTrafficPolicy",
        "storefront",
        { retry: { numRetries: 1 }, requestBuffer: { limit: "8388608" } },
      ],
      ["SecurityPolicy", "storefront", { authorization: { defaultAction: "Deny" } }],
      ["BackendTrafficPolicy", "storefront-payments", { requestBuffer: { limit: "1048576" } }],
      ["ClientTrafficPolicy", "platform", { tls: { minVersion: "1.2" } }],
      ["EnvoyProxy", "platform", { provider: { type: "Kubernetes" } }],
    ],
  },
  {
    kind: "ingress-nginx",
    can: { ...SOURCES, ...RETRIES },
    cannot: { headers: HEADERS },
    writes: [
      ["Ingress", "storefront", { ingressClassName: "nginx" }],
      ["Ingress", "storefront-redirect-1", { ingressClassName: "nginx" }],
      ["Ingress", "storefront-payments", { ingressClassName: "nginx" }],
    ],
  },
];

function platform(kind: string, traffic: object): unknown {
  const { storefront, ...apps } = harbour.apps ?? {};
  const route = { host: "shop", port: 8080, ...COMMON, callbacks: CALLBACK, ...traffic };
  return { ...harbour, ingress: { kind }, apps: { ...apps, storefront: { ...storefront, route } } };
}

describe.each(ROWS)("$kind", ({ kind, can, cannot, writes }) => {
  const planned = planEnvironment(platform(kind, can), "prod");
  const emission = emissionsOf(planned).find(({ component }) => component === kind)?.emission;
  const objects = (emission?.objects ?? []).map(({ object }) => object);

  it("writes objects its kinds take", async () => {
    const facts = await Promise.all(
      registry.components.map(async (component) =>
        "crds" in component && component.crds !== undefined ? component.crds() : [],
      ),
    );
    const kinds = createKindRegistry(builtinKinds(), ...facts.flat());
    const problems = objects.flatMap((object: KubernetesObject) => {
      const found = kinds.find(object.apiVersion, object.kind);
      return found === undefined
        ? [object.kind]
        : validateObject(object, found).map(({ message }) => message);
    });
    expect(problems).toEqual([]);
  });

  it.each(writes)("%s %s", (wanted, name, spec) => {
    const found = objects.find((object) => object.kind === wanted && object.metadata.name === name);
    expect(found).toMatchObject({ spec });
  });

  it("leads to the app's pods once, callbacks included", () => {
    const flows = planned.cluster.flows.filter(
      ({ purpose, to }) =>
        purpose === "route" && to.kind === "workload" && to.name === "storefront",
    );
    expect(flows).toHaveLength(1);
  });

  it.each(Object.entries(cannot))("says that it cannot do %s", (_name, traffic) => {
    const found = findings(platform(kind, { ...can, ...traffic }), "prod");
    const errors = found.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code }) => code)).toEqual(["plan/unserved-route"]);
    expect(errors[0]?.path).toEqual(["apps", "storefront", "route"]);
  });
});
