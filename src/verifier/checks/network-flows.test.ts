import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Endpoint, Flow, Workload } from "../../model/index.ts";
import { trafficOf } from "../network/traffic.ts";
import type { Setup } from "../testing/platform.ts";
import { ISOLATION, viewOf } from "../testing/platform.ts";
import { checkNetworkFlows } from "./network-flows.ts";

const workload = (namespace: string, name: string, more: Partial<Workload> = {}): Workload => ({
  kind: "Deployment",
  name,
  namespace,
  labels: { app: name },
  serviceAccount: name,
  replicas: 1,
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  services: [],
  containers: [],
  usesApi: false,
  component: "test",
  origin: ["apps", name],
  ...more,
});

const at = (namespace: string, name: string): Endpoint => ({ kind: "workload", namespace, name });
const flow = (name: string, from: Endpoint, to: Endpoint, port: number): Flow => ({
  name,
  from,
  to,
  port,
  protocol: "TCP",
  purpose: "app",
  application: "http",
  encryption: "none",
  origin: ["apps", "web", "needs", 0],
});

const policy = (
  name: string,
  namespace: string,
  spec: Record<string, unknown>,
): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace },
  spec,
});
const deny = ["shop", "data"].map((namespace) =>
  policy("default-deny", namespace, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
);
const only = (app: string): Record<string, unknown> => ({ matchLabels: { app } });
const inNamespace = (name: string): Record<string, unknown> => ({
  matchLabels: { "kubernetes.io/metadata.name": name },
});
const out = policy("out", "shop", {
  podSelector: only("web"),
  policyTypes: ["Egress"],
  egress: [
    {
      to: [{ namespaceSelector: inNamespace("data"), podSelector: only("db") }],
      ports: [{ port: 5432 }],
    },
  ],
});
const into = (port: number): KubernetesObject =>
  policy("in", "data", {
    podSelector: only("db"),
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ namespaceSelector: inNamespace("shop"), podSelector: only("web") }],
        ports: [{ port }],
      },
    ],
  });

const workloads = [workload("shop", "web"), workload("data", "db")];
const flows = [flow("web-to-db", at("shop", "web"), at("data", "db"), 5432)];
const internet = flow(
  "web-calls",
  at("shop", "web"),
  { kind: "external", name: "pay", addresses: ["203.0.113.0/24"] },
  443,
);
const calls = (cidr: string): KubernetesObject =>
  policy("calls", "shop", {
    podSelector: only("web"),
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port: 443 }] }],
  });

const rows: readonly {
  readonly name: string;
  readonly setup: Setup;
  readonly codes: readonly string[];
}[] = [
  {
    name: "policies and flows agree",
    setup: { workloads, flows, objects: [...deny, out, into(5432)] },
    codes: [],
  },
  {
    name: "one side is missing",
    setup: { workloads, flows, objects: [...deny, out] },
    codes: ["verify/blocked-flow"],
  },
  {
    name: "the port is another",
    setup: { workloads, flows, objects: [...deny, out, into(5433)] },
    codes: ["verify/blocked-flow"],
  },
  {
    name: "nobody asked for it",
    setup: { workloads, flows: [], objects: [...deny, out, into(5432)] },
    codes: ["verify/undeclared-flow"],
  },
  {
    name: "pods without any policy",
    setup: { workloads, flows: [], objects: deny.slice(0, 1) },
    codes: ["verify/unrestricted-pods", "verify/unrestricted-pods"],
  },
  {
    name: "an outside party at its own addresses",
    setup: { workloads, flows: [internet], objects: [...deny, calls("203.0.113.0/24")] },
    codes: [],
  },
  {
    name: "an outside party at more than its own addresses",
    setup: { workloads, flows: [internet], objects: [...deny, calls("203.0.112.0/23")] },
    codes: ["verify/undeclared-flow"],
  },
  {
    name: "addresses that reach into the cluster",
    setup: { workloads, flows: [internet], objects: [...deny, calls("0.0.0.0/0")] },
    // One hole towards the outside, and one towards the cluster's DNS, whose pods nobody protects.
    codes: ["verify/undeclared-flow", "verify/undeclared-flow"],
  },
  {
    name: "a cluster that ignores policies (T-20)",
    setup: {
      workloads,
      flows,
      objects: [...deny, out, into(5432)],
      cluster: { substrate: { ...viewOf({}).cluster.substrate, enforcesNetworkPolicy: false } },
    },
    codes: ["verify/void-policies"],
  },
  {
    name: "the same cluster with a plugin that enforces them",
    setup: {
      workloads,
      flows,
      objects: [...deny, out, into(5432)],
      cluster: {
        substrate: { ...viewOf({}).cluster.substrate, enforcesNetworkPolicy: false },
        slots: [
          ISOLATION,
          {
            slot: "cni",
            component: "a plugin",
            options: {},
            path: ["cni"],
            provides: ["networkPolicy"],
            needs: [],
          },
        ],
      },
    },
    codes: [],
  },
  {
    name: "nothing that writes policies, and none there",
    setup: { workloads, flows, cluster: { slots: [] } },
    codes: ["verify/open-network"],
  },
];

describe("network flows", () => {
  it.each(rows)("$name", ({ setup, codes }) => {
    expect([...checkNetworkFlows(viewOf(setup))].map(({ code }) => code)).toEqual(codes);
  });

  it("points a blocked flow at what asked for it", () => {
    const [found] = [...checkNetworkFlows(viewOf({ workloads, flows, objects: [...deny, out] }))];
    expect(found?.path).toEqual(["apps", "web", "needs", 0]);
  });

  it("counts denied pairs", () => {
    const view = viewOf({ workloads, flows, objects: [...deny, out, into(5432)] });
    // web and db both ways with DNS, and db to web.
    expect(trafficOf(view).deniedPairs).toBe(5);
  });
});
