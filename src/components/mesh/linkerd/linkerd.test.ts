// What Linkerd makes of a plan: who is let in and by what, what requests get, where its certificates hang from.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { argoRollouts, certManager, linkerd, prometheusOperator } from "../../index.ts";
import { meshed } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { linkerdFiller } from "./index.ts";

const base = meshed(linkerd());
const definition = {
  ...base,
  certificates: certManager(),
  metrics: prometheusOperator(),
  rollouts: argoRollouts(),
  apps: {
    ...base.apps,
    pricing: {
      image: "ghcr.io/example/pricing:2.0.0",
      port: 9090,
      metrics: "/metrics",
      release: { kind: "canary", steps: [5, 100] },
      traffic: {
        attemptTimeout: "500ms",
        routes: [{ to: "mailer-api", headers: { "X-Canary": "yes" } }],
        circuitBreaker: { failures: 3, connections: 100 },
      },
    },
  },
};
const planned = planEnvironment(definition, "dev");
const emissions = emissionsOf(planned).map(({ emission }) => emission);
const objects = emissions.flatMap(({ objects: emitted = [] }) =>
  emitted.map(({ object }) =>
    linkerdFiller.decorate === undefined
      ? object
      : linkerdFiller.decorate(object, { ...planned, path: [], sealed: {} }, {}),
  ),
);
const find = (kind: string, name: string): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

describe("who is let in", () => {
  it("is who the graph says, by service account, on the port it says", () => {
    expect(find("Server", "orders-5432")).toMatchObject({
      apiVersion: "policy.linkerd.io/v1beta3",
      spec: { port: 5432, proxyProtocol: "opaque" },
    });
    const members = { spec: { identityRefs: expect.arrayContaining([account("storefront")]) } };
    expect(find("MeshTLSAuthentication", "orders-5432-members")).toMatchObject(members);
    expect(find("AuthorizationPolicy", "orders-5432-members")).toMatchObject({
      spec: { targetRef: { kind: "Server", name: "orders-5432" } },
    });
  });

  it("is the ingress by its network alone, which no member of the mesh is", () => {
    const { podRange } = planned.cluster.network;
    expect(find("NetworkAuthentication", "storefront-8080-networks")?.["spec"]).toEqual({
      networks: [{ cidr: podRange }],
    });
  });

  it("is a collector for metrics only, while members and probes get the rest", () => {
    expect(find("HTTPRoute", "pricing-9090-scrape")).toMatchObject({
      apiVersion: "policy.linkerd.io/v1beta3",
      spec: {
        rules: [{ matches: [{ method: "GET", path: { type: "Exact", value: "/metrics" } }] }],
      },
    });
    const target = (name: string) => find("AuthorizationPolicy", name)?.["spec"];
    expect(target("pricing-9090-scrape")).toMatchObject({ targetRef: { kind: "HTTPRoute" } });
    expect(target("pricing-9090-members")).toMatchObject({
      targetRef: { kind: "HTTPRoute", name: "pricing-9090-requests" },
    });
    expect(find("HTTPRoute", "pricing-9090-probes")).toMatchObject({
      spec: { rules: [{ matches: [{ path: { value: "/healthz" } }, {}] }] },
    });
  });

  it("is nobody where nothing says so", () => {
    const chart = emissions.flatMap(({ charts = [] }) => charts);
    expect(chart.find(({ name }) => name === "linkerd-control-plane")?.values).toMatchObject({
      cniEnabled: true,
      proxy: { defaultInboundPolicy: "deny", opaquePorts: expect.stringContaining("5432") },
      identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
    });
  });
});

const account = (name: string) => ({ kind: "ServiceAccount", name, namespace: name });

describe("what requests get", () => {
  it("is a route at the Service, and retries only for what may be repeated", () => {
    const spec = find("HTTPRoute", "pricing")?.["spec"];
    expect(spec).toMatchObject({
      parentRefs: [{ group: "", kind: "Service", name: "pricing", port: 80 }],
      rules: [
        { matches: [{ headers: [{ name: "x-canary" }] }], timeouts: { request: "15s" } },
        { backendRefs: [{ name: "pricing" }, { name: "pricing-canary", weight: 0 }] },
      ],
    });
    expect(find("HTTPRoute", "pricing")?.metadata.annotations).toBeUndefined();
    const repeatable = find("HTTPRoute", "pricing-repeatable");
    expect(repeatable?.metadata.annotations).toEqual({
      "retry.linkerd.io/http": "5xx",
      "retry.linkerd.io/limit": "2",
      "retry.linkerd.io/timeout": "500ms",
    });
    expect(JSON.stringify(repeatable)).not.toContain("POST");
  });

  it("is split by who releases, in both routes, and no engine takes that back", () => {
    expect(find("Rollout", "pricing")).toMatchObject({
      spec: {
        strategy: {
          canary: {
            trafficRouting: {
              plugins: {
                "argoproj-labs/gatewayAPI": {
                  httpRoutes: [{ name: "pricing" }, { name: "pricing-repeatable" }],
                },
              },
            },
          },
        },
      },
    });
    const owned = planned.cluster.ownedFields.filter(({ kind }) => kind === "HTTPRoute");
    expect(owned.map(({ name }) => name)).toEqual(["pricing", "pricing-repeatable"]);
  });

  it("leaves failing pods out by annotations of the Service", () => {
    expect(find("Service", "pricing")?.metadata.annotations).toMatchObject({
      "balancer.linkerd.io/failure-accrual-consecutive-max-failures": "3",
      "balancer.linkerd.io/failure-accrual-consecutive-min-penalty": "30s",
    });
  });

  it("is named where it cannot be done", () => {
    const paths = findings(definition, "dev")
      .filter(({ code }) => code === "plan/traffic-not-applied")
      .map(({ message }) => message.split(" has ")[0]);
    expect(paths).toEqual(["circuitBreaker of requests to pricing"]);
  });
});

describe("certificates", () => {
  it("hang from a root of the mesh's own, which everybody in its namespace reads", () => {
    expect(find("Certificate", "linkerd-identity-issuer")).toMatchObject({
      metadata: { namespace: "linkerd" },
      spec: { isCA: true, issuerRef: { name: "linkerd-identity-issuer-root" } },
    });
    expect(find("Bundle", "linkerd-identity-trust-roots")).toMatchObject({
      spec: {
        sources: [{ secret: { name: "linkerd-identity-issuer-root" } }],
        target: { configMap: { key: "ca-bundle.crt" } },
      },
    });
  });

  it("are brought by a person, or by somebody who issues them, or the mesh is refused", () => {
    const codes = (mesh: ReturnType<typeof linkerd>): string[] =>
      findings(meshed(mesh), "dev").map(({ code }) => code);
    expect(codes(linkerd())).toContain("mesh/no-trust-anchor");
    expect(codes(linkerd({ trustAnchor: "PEM" }))).not.toContain("mesh/no-trust-anchor");
    const brought = planEnvironment(meshed(linkerd({ trustAnchor: "PEM" })), "dev");
    expect(brought.cluster.secrets.map(({ id }) => id)).toContain("mesh.issuer");
  });
});
