// The arrows of the architecture documents' diagrams (FLW-*), as far as they are conversations of a cluster: each is a flow of
// the graph, and what a diagram does not draw is none. That the network policies allow these flows and no others is what
// `keelson check` proves (`verify/blocked-flow`, `verify/undeclared-flow`); `blueprints.test.ts` holds every blueprint to it.

import { beforeAll, describe, expect, it } from "vitest";

import type { CompiledTarget, Endpoint } from "../../src/model/index.ts";
import { layerMatrix, type Layers } from "./layer-matrix.ts";
import { compileBlueprint, shippedBlueprint } from "./shipped-blueprints.ts";

interface Diagram {
  readonly row: string;
  readonly blueprint: string;
  readonly target: string;
  /** `from → to port`. */
  readonly edges: readonly string[];
  /** `from → to`, on any port. */
  readonly absent: readonly string[];
}

const INGRESS = "envoy-gateway-system/platform-envoy";
const NGINX = "nginx-gateway/platform-nginx";

const DIAGRAMS: readonly Diagram[] = [
  {
    row: "FLW-01 internet, gateway, services",
    blueprint: "home-lab",
    target: "prod",
    edges: [
      `internet → ${INGRESS} 10080`,
      `internet → ${INGRESS} 10443`,
      `${INGRESS} → app1/app1 8080`,
      "app1/app1 → data/app1 5432",
    ],
    absent: ["internet → app1/app1", "internet → data/app1", `${INGRESS} → data/app1`],
  },
  {
    row: "FLW-04 a request and its trace",
    blueprint: "home-lab",
    target: "prod",
    edges: [
      `${INGRESS} → app1/app1 8080`,
      "app1/app1 → istio-system/istiod 15012",
      "app1/app1 → monitoring/jaeger 4317",
    ],
    absent: ["internet → monitoring/jaeger", "monitoring/jaeger → app1/app1"],
  },
  {
    row: "FLW-05 clusters of two sites",
    blueprint: "hybrid",
    target: "prod-cloud",
    edges: [
      `internet → ${NGINX} 443`,
      "argocd/argocd-repo-server → github.com 443",
      "argocd/argocd-application-controller → api-server 443",
      "argocd/argocd-application-controller → API server of office 6443",
      "web/web → private-orders.db.ondigitalocean.com 25060",
      "velero/velero → s3.nyc3.amazonaws.com 443",
      "monitoring/grafana → monitoring/prometheus-prometheus 9090",
    ],
    absent: ["internet → web/web", "web/web → api-server", "web/web → API server of office"],
  },
  {
    row: "FLW-05 the standby, with storage and metrics of its own",
    blueprint: "hybrid",
    target: "prod-office",
    edges: [
      `internet → ${NGINX} 443`,
      "web/web → data/orders 5432",
      "velero/velero → storage/seaweedfs 8333",
      "monitoring/prometheus-prometheus → api-server 6443",
    ],
    absent: [
      "web/web → private-orders.db.ondigitalocean.com",
      "velero/velero → s3.nyc3.amazonaws.com",
    ],
  },
  {
    row: "FLW-07 a request and its row",
    blueprint: "local-first",
    target: "prod",
    edges: [
      `internet → ${NGINX} 443`,
      `${NGINX} → storefront/storefront 8080`,
      "storefront/storefront → postgres.prod.comind-ops.example.com 5432",
    ],
    absent: [`${NGINX} → postgres.prod.comind-ops.example.com`, "internet → storefront/storefront"],
  },
  {
    row: "FLW-08 the engine, the API and the repository",
    blueprint: "local-first",
    target: "prod",
    edges: [
      "argocd/argocd-repo-server → github.com 443",
      "argocd/argocd-application-controller → argocd/argocd-repo-server 8081",
      "argocd/argocd-application-controller → api-server 443",
    ],
    absent: ["argocd/argocd-repo-server → api-server", "storefront/storefront → api-server"],
  },
  {
    row: "FLW-10 one way in, and the layers behind it",
    blueprint: "greenfield",
    target: "prod",
    edges: [
      "internet → istio-ingress/istio-ingress 80",
      "internet → istio-ingress/istio-ingress 443",
      "istio-ingress/istio-ingress → fastapi/fastapi 8000",
      "fastapi/fastapi → data/transactions 5432",
      "fastapi/fastapi → monitoring/otel-collector 4318",
      "monitoring/otel-collector → monitoring/jaeger 4317",
    ],
    absent: [
      "istio-ingress/istio-ingress → data/transactions",
      "fastapi/fastapi → monitoring/jaeger",
    ],
  },
];

function wordsOf(end: Endpoint): string {
  if (end.kind === "workload") return `${end.namespace}/${end.name}`;
  return end.kind === "external" ? end.name : end.kind;
}

const targets = new Map<string, CompiledTarget>();
beforeAll(() => {
  for (const name of new Set(DIAGRAMS.map(({ blueprint }) => blueprint)))
    for (const target of compileBlueprint(shippedBlueprint(name)).targets)
      targets.set(`${name}/${target.cluster.target}`, target);
});

describe.each(DIAGRAMS)("$row", ({ blueprint, target, edges, absent }) => {
  const flows = () => targets.get(`${blueprint}/${target}`)?.graph.flows ?? [];

  it("has every arrow of the document", () => {
    const found = flows().map(({ from, to, port }) => `${wordsOf(from)} → ${wordsOf(to)} ${port}`);
    expect(edges.filter((edge) => !found.includes(edge))).toEqual([]);
  });

  it("has none that it does not draw", () => {
    const found = flows().map(({ from, to }) => `${wordsOf(from)} → ${wordsOf(to)}`);
    expect(absent.filter((edge) => found.includes(edge))).toEqual([]);
  });
});

it("greenfield lets the internet in at its gateway alone", () => {
  const flows = targets.get("greenfield/prod")?.graph.flows ?? [];
  const entered = flows.filter(({ from }) => from.kind === "internet").map(({ to }) => wordsOf(to));
  expect(new Set(entered)).toEqual(new Set(["istio-ingress/istio-ingress"]));
});

describe("FLW-10 the layers of greenfield", () => {
  const LAYERS: Layers = {
    internet: [],
    gateway: ["istio-ingress"],
    app: ["fastapi"],
    data: ["data"],
    messaging: ["streams"],
    observability: ["monitoring"],
  };

  it.each(["dev", "prod"])("reach each other as the document has it: %s", (name) => {
    const target = targets.get(`greenfield/${name}`);
    const found = target === undefined ? [] : layerMatrix(target, LAYERS);
    // Every other of the 25 pairs is refused. Operators' pages come in by the gateway; proxies send their traces.
    expect(found).toHaveLength(25);
    expect(found.filter((cell) => !cell.endsWith(": no"))).toEqual([
      "internet → gateway: yes",
      "gateway → app: yes",
      "gateway → observability: yes",
      "app → data: yes",
      "app → messaging: yes",
      "app → observability: yes",
      "data → observability: yes",
      "messaging → observability: yes",
      "observability → gateway: yes",
      "observability → app: metrics",
      "observability → data: metrics",
      "observability → messaging: metrics",
    ]);
  });

  it("opens no port of a node", () => {
    for (const name of ["dev", "prod"]) {
      const { cluster, objects = [] } = targets.get(`greenfield/${name}`) ?? {};
      const emitted = objects
        .filter(({ object }) => object.kind === "Service")
        .map(({ object }) => (object["spec"] as { readonly type?: string }).type);
      const planned = cluster?.workloads.flatMap(({ services }) =>
        services.map(({ type }) => type as string),
      );
      expect([...emitted, ...(planned ?? [])]).not.toContain("NodePort");
    }
  });
});
