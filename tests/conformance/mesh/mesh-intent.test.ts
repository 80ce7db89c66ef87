// The mesh intent by requests: the same platform and the same table for every mesh, decided from the objects each of them gets.
// No proxy runs: the deciders read the objects as the proxies do.

import { describe, expect, it } from "vitest";

import {
  certManager,
  istio,
  linkerd,
  meshDecider,
  prometheusOperator,
} from "../../../src/components/index.ts";
import { meshed, type Platform } from "../../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../../src/components/testing/plan.ts";
import type { MeshRequest } from "../../../src/model/index.ts";

interface Adapter {
  readonly name: string;
  readonly mesh: Platform["mesh"];
  /** What differs, and why. */
  readonly cannot?: Readonly<Record<string, string>>;
}

const ADAPTERS: readonly Adapter[] = [
  { name: "Istio with sidecars", mesh: istio() },
  {
    name: "Istio in ambient mode",
    mesh: istio({ mode: "ambient" }),
    cannot: { "a collector asks for more than metrics": "ztunnel sees connections, not paths" },
  },
  {
    name: "Linkerd",
    mesh: linkerd(),
    cannot: {
      "another member calls a port that is open to the ingress":
        "networks let in whoever comes from them, members included",
    },
  },
];

interface Row {
  readonly name: string;
  /** Of the caller; absent: plain text. */
  readonly from?: string;
  readonly to: string;
  readonly port: number;
  readonly http?: MeshRequest["http"];
  /** Default: a pod's. */
  readonly address?: string;
  /** A connection that is closed and a 403 both count as refused: each mesh refuses at the layer it has. */
  readonly expected: "allowed" | "refused";
}

const get = (path: string) => ({ method: "GET", path });

const ROWS: readonly Row[] = [
  {
    name: "a caller of the graph",
    from: "storefront",
    to: "pricing",
    port: 9090,
    http: get("/price/1"),
    expected: "allowed",
  },
  {
    name: "a caller of the graph posts",
    from: "storefront",
    to: "pricing",
    port: 9090,
    http: { method: "POST", path: "/price" },
    expected: "allowed",
  },
  {
    name: "a member without such a flow",
    from: "mailer",
    to: "pricing",
    port: 9090,
    http: get("/price/1"),
    expected: "refused",
  },
  {
    name: "a caller of the graph at another port",
    from: "storefront",
    to: "pricing",
    port: 9091,
    http: get("/"),
    expected: "refused",
  },
  {
    name: "a client of its database",
    from: "storefront",
    to: "orders",
    port: 5432,
    expected: "allowed",
  },
  {
    name: "an app that needs no database",
    from: "pricing",
    to: "orders",
    port: 5432,
    expected: "refused",
  },
  { name: "plain text to a database", to: "orders", port: 5432, expected: "refused" },
  {
    name: "the ingress, which has no identity",
    to: "storefront",
    port: 8080,
    http: get("/"),
    expected: "allowed",
  },
  {
    name: "another member calls a port that is open to the ingress",
    from: "mailer",
    to: "storefront",
    port: 8080,
    http: get("/"),
    expected: "refused",
  },
  {
    name: "a collector asks for metrics",
    to: "pricing",
    port: 9090,
    http: get("/metrics"),
    expected: "allowed",
  },
  {
    name: "a collector asks for more than metrics",
    to: "pricing",
    port: 9090,
    http: get("/price/1"),
    expected: "refused",
  },
  { name: "nobody's port", to: "mailer", port: 22, expected: "refused" },
];

const platformWith = (mesh: Platform["mesh"]): Platform => {
  const base = meshed(mesh);
  const pricing = { image: "ghcr.io/example/pricing:2.0.0", port: 9090, metrics: "/metrics" };
  return {
    ...base,
    certificates: certManager(),
    metrics: prometheusOperator(),
    apps: { ...base.apps, pricing },
  };
};

function tableOf(mesh: Platform["mesh"]) {
  const planned = planEnvironment(platformWith(mesh), "dev");
  const objects = emissionsOf(planned).flatMap(({ emission }) =>
    (emission.objects ?? []).map(({ object }) => object),
  );
  const decide = meshDecider(planned.cluster, objects);
  const workload = (name: string) =>
    planned.graph.workloads.find((one) => one.name === name && one.mesh !== undefined);
  return (row: Row): "allowed" | "refused" | "no mesh" => {
    if (decide === undefined) return "no mesh";
    const [from, to] = [row.from === undefined ? undefined : workload(row.from), workload(row.to)];
    if (to === undefined || (row.from !== undefined && from === undefined))
      throw new Error(`${row.name}: no such member`);
    const decision = decide({
      ...(from && { identity: { namespace: from.namespace, serviceAccount: from.serviceAccount } }),
      address: row.address ?? planned.cluster.network.podRange.replace(/\.0\/.*$/, ".9"),
      to: { namespace: to.namespace, labels: to.labels },
      port: row.port,
      ...(row.http && { http: row.http }),
    });
    return decision.allowed ? "allowed" : "refused";
  };
}

describe.each(ADAPTERS)("mesh intent with $name", ({ mesh, cannot = {} }) => {
  const outcomeOf = tableOf(mesh);

  it.each(ROWS)("$name: $expected", (row) => {
    const other = row.expected === "allowed" ? "refused" : "allowed";
    expect(outcomeOf(row)).toBe(cannot[row.name] === undefined ? row.expected : other);
  });
});

it("without a mesh nobody decides: the network policies alone say who may call", () => {
  const outcomeOf = tableOf(undefined);
  expect(new Set(ROWS.map(outcomeOf))).toEqual(new Set(["no mesh"]));
});
