import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Flow, PlannedApp, PlannedCluster, Workload } from "../model/index.ts";
import { mermaidDiagram } from "./diagram.ts";
import { deriveGraph } from "./derive-graph.ts";
import { summarizeReach } from "./reach.ts";

function workload(namespace: string, name: string, overrides: Partial<Workload> = {}): Workload {
  return {
    kind: "Deployment",
    name,
    namespace,
    labels: { "app.kubernetes.io/name": name },
    serviceAccount: name,
    replicas: 1,
    ports: [],
    services: [],
    containers: [],
    usesApi: false,
    component: "test",
    origin: ["apps", name],
    ...overrides,
  };
}

const database = (name: string): PlannedApp["bindings"][number]["binding"] => ({
  intent: { kind: "database", provider: "postgres", name, origin: ["databases", name] },
  endpoint: { kind: "workload", namespace: "data", name },
  port: 5432,
  application: "postgresql",
  encryption: "none",
  env: [],
  secrets: [],
});

const app = (name: string, needs: readonly string[], calls: PlannedApp["calls"] = []): PlannedApp =>
  ({
    kind: "app",
    name,
    namespace: name,
    origin: ["apps", name],
    bindings: needs.map((need, index) => ({
      origin: ["apps", name, "needs", index],
      binding: database(need),
    })),
    calls,
  }) as unknown as PlannedApp; // the graph reads nothing else of an app

// The graph reads nothing else of a cluster.
const cluster = (parts: Partial<PlannedCluster>): PlannedCluster =>
  ({
    apps: [],
    workloads: [],
    flows: [],
    substrate: { apiServerPort: 6443 },
    ...parts,
  }) as unknown as PlannedCluster;

const graphOf = (parts: Partial<PlannedCluster>): ReturnType<typeof deriveGraph> =>
  deriveGraph(cluster(parts));
const flowNames = (parts: Partial<PlannedCluster>): string[] =>
  graphOf(parts).value?.flows.map(({ name }) => name) ?? [];

describe("the graph of a cluster", () => {
  it("has one flow for every need, with where it was asked for", () => {
    const workloads = [workload("shop", "shop"), workload("data", "orders")];
    const flow = graphOf({ apps: [app("shop", ["orders"])], workloads }).value?.flows.find(
      ({ purpose }) => purpose === "data",
    );
    expect(flow).toMatchObject({
      name: "shop-to-orders",
      port: 5432,
      origin: ["apps", "shop", "needs", 0],
    });
  });

  it("allows what everything needs: names, and the API, webhooks and metrics where they are used", () => {
    const workloads = [
      workload("ops", "controller", {
        usesApi: true,
        webhookPort: 9443,
        metrics: { port: 8080, path: "/metrics" },
      }),
      workload("ops", "prometheus", { collectsMetrics: true }),
    ];
    expect(flowNames({ workloads })).toEqual([
      "api-server-to-controller",
      "controller-to-api-server",
      "dns-tcp",
      "dns-udp",
      "prometheus-to-controller-metrics",
    ]);
    expect(flowNames({ workloads: workloads.slice(0, 1) })).not.toContain(
      "prometheus-to-controller-metrics",
    );
  });

  it("opens calls to named parties outside, and nothing wider than asked", () => {
    const calls = [
      {
        name: "payments",
        host: "api.pay.example",
        port: 443,
        addresses: ["203.0.113.0/24"],
        origin: ["apps", "shop", "calls", "payments"],
      },
    ];
    const flow = graphOf({
      apps: [app("shop", [], calls)],
      workloads: [workload("shop", "shop")],
    }).value?.flows.find(({ name }) => name === "shop-to-payments");
    expect(flow).toMatchObject({
      to: { kind: "external", name: "api.pay.example", addresses: ["203.0.113.0/24"] },
      encryption: "tls",
    });
  });

  it("says which flow ends nowhere", () => {
    const { diagnostics } = graphOf({
      apps: [app("shop", ["orders"])],
      workloads: [workload("shop", "shop")],
    });
    expect(diagnostics).toMatchObject([
      { code: "graph/dangling-flow", path: ["apps", "shop", "needs", 0] },
    ]);
  });

  it("counts what is refused", () => {
    const workloads = [
      workload("shop", "shop"),
      workload("data", "orders"),
      workload("data", "other"),
    ];
    const graph = graphOf({ apps: [app("shop", ["orders"])], workloads }).value;
    expect(graph && summarizeReach(graph)).toEqual({
      workloads: 3,
      flows: 3,
      allowedPairs: 1,
      deniedPairs: 5,
    });
  });

  it("draws itself", () => {
    const workloads = [workload("shop", "shop"), workload("data", "orders")];
    const graph = graphOf({ apps: [app("shop", ["orders"])], workloads }).value;
    expect(graph && mermaidDiagram(graph)).toContain(
      'shop_shop -->|"postgresql 5432"| data_orders',
    );
  });
});

describe("laws of the graph", () => {
  const needs = fc.dictionary(
    fc.constantFrom("shop", "mailer", "search"),
    fc.uniqueArray(fc.constantFrom("orders", "users", "audit")),
  );
  const workloads = ["orders", "users", "audit"]
    .map((name) => workload("data", name))
    .concat(["shop", "mailer", "search"].map((name) => workload(name, name)));
  const plan = (asked: Record<string, string[]>): Partial<PlannedCluster> => ({
    workloads,
    apps: Object.entries(asked).map(([name, list]) => app(name, list)),
  });

  it("removing a need removes exactly the flows that came from it", () => {
    fc.assert(
      fc.property(needs, (asked) => {
        const [first] = Object.keys(asked).filter((name) => (asked[name]?.length ?? 0) > 0);
        if (first === undefined) return;
        const gone = `${first}-to-${asked[first]?.at(-1)}`;
        const less = { ...asked, [first]: asked[first]?.slice(0, -1) ?? [] };
        expect(flowNames(plan(less))).toEqual(
          flowNames(plan(asked)).filter((name) => name !== gone),
        );
      }),
    );
  });

  it("names are labels, each once, whatever the flows are called", () => {
    const flow = fc.record({
      name: fc.constantFrom("a", "a-to-b", "Ä to B", "x".repeat(90)),
      port: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(flow), (wanted) => {
        const flows = wanted.map(({ name, port }): Flow => ({
          name,
          port,
          from: { kind: "internet" },
          to: { kind: "nodes" },
          protocol: "TCP",
          purpose: "internal",
          application: "tcp",
          encryption: "none",
          origin: [],
        }));
        const names = flowNames({ flows });
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?$/);
      }),
    );
  });
});
