// Which systems go together: every pair of fillers of two slots on a cluster that either is planned or is refused with the finding
// of exactly that pair.

import { describe, expect, it } from "vitest";

import { findings } from "../src/components/testing/plan.ts";

/** As written; `kind` left out: the slot stays empty. */
interface Choice {
  readonly name: string;
  readonly to: Readonly<Record<string, unknown>>;
}

const REPOSITORY = "https://git.example.com/harbour";
const SITES = {
  laptop: { kind: "developer-machine" },
  frankfurt: { kind: "aws", region: "eu-central-1", network: "10.100.0.0/16" },
  nyc: { kind: "digitalocean", region: "nyc3", network: "10.110.0.0/16" },
  office: { kind: "on-premise", network: "192.168.40.0/22" },
};
const CLUSTERS: Readonly<Record<string, object>> = {
  k3d: { kind: "k3d", site: "laptop" },
  eks: {
    kind: "eks",
    site: "frankfurt",
    kubernetes: "1.35",
    nodes: { min: 3, max: 6, size: "m6i.xlarge" },
  },
  doks: {
    kind: "doks",
    site: "nyc",
    kubernetes: "1.35",
    nodes: { min: 3, max: 6, size: "s-4vcpu-8gb" },
  },
  talos: { kind: "talos", site: "office", kubernetes: "1.35" },
};

const DIMENSIONS: Readonly<Record<string, readonly Choice[]>> = {
  substrate: Object.keys(CLUSTERS).map((name) => ({
    name,
    to: { environments: { prod: { clusters: [name], scale: "highly-available" } } },
  })),
  ingress: ["none", "nginx-gateway-fabric", "envoy-gateway", "istio-gateway", "ingress-nginx"].map(
    (kind) => choice("ingress", kind),
  ),
  mesh: [
    choice("mesh", "none"),
    choice("mesh", "istio"),
    { name: "linkerd", to: { mesh: { kind: "linkerd", trustAnchor: "PEM" } } },
    { name: "linkerd without a root", to: { mesh: { kind: "linkerd" } } },
  ],
  delivery: [
    choice("delivery", "none"),
    ...["argocd", "flux"].map((kind) => ({
      name: kind,
      to: { delivery: { kind, repository: REPOSITORY } },
    })),
    choice("delivery", "helm-push"),
  ],
  loadBalancer: ["none", "metallb"].map((kind) => choice("loadBalancer", kind)),
  cni: ["none", "calico"].map((kind) => choice("cni", kind)),
  nodeScaling: ["none", "karpenter"].map((kind) => choice("nodeScaling", kind)),
  traffic: [
    { name: "any traffic", to: {} },
    { name: "mutual TLS", to: { traffic: { mtls: true } } },
  ],
  release: [
    { name: "rolling", to: {} },
    { name: "canary alone", to: { release: { kind: "canary", steps: [5, 25, 50, 100] } } },
    {
      name: "canary with argo-rollouts",
      to: {
        release: { kind: "canary", steps: [5, 25, 50, 100] },
        rollouts: { kind: "argo-rollouts" },
      },
    },
  ],
  identity: [
    choice("identity", "none"),
    { name: "keycloak", to: { identity: { kind: "keycloak", database: "orders" } } },
  ],
  audit: ["none", "api-audit"].map((kind) => choice("audit", kind)),
  policy: ["none", "gatekeeper", "validating-admission-policies"].map((kind) =>
    choice("policy", kind),
  ),
};

function choice(slot: string, kind: string): Choice {
  return { name: kind, to: kind === "none" ? { [slot]: null } : { [slot]: { kind } } };
}

type Selection = Readonly<Record<string, string>>;

/** What is chosen where a pair says nothing. */
const USUAL: Selection = { substrate: "eks", ingress: "nginx-gateway-fabric" };

/** Pairs that do not go together, each with its finding. Everything else is planned. */
const FORBIDDEN: readonly { readonly code: string; readonly when: (is: Selection) => boolean }[] = [
  {
    code: "plan/missing-capability",
    when: ({ ingress, mesh }) => ingress === "istio-gateway" && mesh !== "istio",
  },
  {
    code: "plan/missing-capability",
    when: ({ ingress, loadBalancer, substrate = "" }) =>
      ingress !== "none" && loadBalancer === "none" && ["k3d", "talos"].includes(substrate),
  },
  {
    code: "plan/missing-capability",
    when: ({ identity, ingress }) => identity === "keycloak" && ingress === "none",
  },
  {
    code: "load-balancer/addresses-missing",
    when: ({ loadBalancer, substrate }) => loadBalancer === "metallb" && substrate !== "k3d",
  },
  {
    code: "plan/mtls-without-mesh",
    when: ({ traffic, mesh }) => traffic === "mutual TLS" && mesh === "none",
  },
  { code: "mesh/no-trust-anchor", when: ({ mesh }) => mesh === "linkerd without a root" },
  { code: "app/release-needs-controller", when: ({ release }) => release === "canary alone" },
  {
    code: "app/release-needs-traffic-split",
    when: ({ release, ingress, mesh }) =>
      release === "canary with argo-rollouts" && ingress === "none" && mesh === "none",
  },
  {
    code: "cni/plugin-in-place",
    when: ({ cni, substrate }) => cni === "calico" && substrate === "doks",
  },
  {
    code: "node-scaling/no-provider",
    when: ({ nodeScaling, substrate }) => nodeScaling === "karpenter" && substrate !== "eks",
  },
];

function expected(selection: Selection): string {
  const codes = FORBIDDEN.flatMap(({ code, when }) => (when(selection) ? code : []));
  return [...new Set(codes)].toSorted().join(" ");
}

function selectionOf(pair: Readonly<Record<string, Choice>>): Readonly<Record<string, Choice>> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).flatMap(([dimension, choices]) => {
      const usual = choices.find(({ name }) => name === USUAL[dimension]) ?? choices[0];
      const chosen = pair[dimension] ?? usual;
      return chosen === undefined ? [] : [[dimension, chosen]];
    }),
  );
}

function codesOf(choices: readonly Choice[]): string {
  const chosen = Object.assign({}, ...choices.map(({ to }) => to)) as Record<string, unknown>;
  const { release, ...slots } = chosen;
  const definition = {
    name: "harbour",
    domain: "harbour.example.com",
    sites: SITES,
    clusters: CLUSTERS,
    secrets: { sealed: { kind: "sealed-secrets" } },
    databases: { orders: { kind: "postgres" } },
    apps: {
      web: {
        image: "ghcr.io/example/web:1.0.0",
        route: { host: "web", port: 8080 },
        needs: ["orders"],
        ...(release === undefined ? {} : { release }),
      },
    },
    ...Object.fromEntries(Object.entries(slots).filter(([, filler]) => filler !== null)),
  };
  const found = findings(definition, "prod").filter(({ severity }) => severity === "error");
  return [...new Set(found.map(({ code }) => code))].toSorted().join(" ");
}

const names = Object.keys(DIMENSIONS);
const PAIRS = names.flatMap((first, index) =>
  names.slice(index + 1).map((second) => ({ first, second })),
);

describe("pairs", () => {
  it.each(PAIRS)("$first and $second", ({ first, second }) => {
    const wrong: string[] = [];
    for (const a of DIMENSIONS[first] ?? []) {
      for (const b of DIMENSIONS[second] ?? []) {
        const chosen = selectionOf({ [first]: a, [second]: b });
        const codes = codesOf(Object.values(chosen));
        const names = Object.entries(chosen).map(([key, { name }]) => [key, name]);
        const wanted = expected(Object.fromEntries(names) as Selection);
        if (codes !== wanted) wrong.push(`${a.name} + ${b.name}: ${codes}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
