// What a mesh makes of a whole plan: who joins, what is encrypted, who is let in, and what stays plain text and why.

import { describe, expect, it } from "vitest";

import { plaintextPorts } from "../../graph/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { istio, istioGateway } from "../index.ts";
import { meshed } from "../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../testing/plan.ts";
import { namespaceDemand } from "../tenancy/namespaces/demand.ts";

const planned = planEnvironment(meshed(istio()), "dev");
const objects = emissionsOf(planned)
  .flatMap(({ emission }) => emission.objects ?? [])
  .map(({ object }) => object);
const find = (kind: string, name: string): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

describe("membership", () => {
  it("is that of apps and of what holds their data, and of nobody who must work before a mesh does", () => {
    const members = planned.graph.workloads
      .filter(({ mesh }) => mesh !== undefined)
      .map(({ name }) => name);
    expect(members).toEqual(
      expect.arrayContaining(["storefront", "pricing", "orders", "elasticmq", "dump-orders"]),
    );
    for (const stranger of ["istiod", "argocd-server", "platform-nginx", "metallb-speaker"])
      expect(members).not.toContain(stranger);
  });

  it("encrypts between members, and names every flow that it does not", () => {
    const flow = planned.graph.flows.find(({ name }) => name === "storefront-to-pricing");
    expect(flow?.encryption).toBe("mtls");
    const storefront = planned.graph.workload("storefront", "storefront");
    const [port] = storefront === undefined ? [] : plaintextPorts(storefront, planned.graph);
    expect(port).toMatchObject({ port: 8080, flows: [{ purpose: "route" }] });
    expect(find("PeerAuthentication", "storefront")).toMatchObject({
      spec: { mtls: { mode: "STRICT" }, portLevelMtls: { "8080": { mode: "PERMISSIVE" } } },
    });
    expect(find("PeerAuthentication", "pricing")).toBeUndefined();
  });

  it("needs no exception for requests from a gateway of its own", () => {
    const { graph } = planEnvironment({ ...meshed(istio()), ingress: istioGateway() }, "dev");
    const storefront = graph.workload("storefront", "storefront");
    expect(storefront === undefined ? undefined : plaintextPorts(storefront, graph)).toEqual([]);
  });

  it("counts sidecars in quotas", () => {
    const bare = planEnvironment(meshed(undefined), "dev");
    const of = ({ cluster }: typeof planned) => namespaceDemand(cluster, "pricing", "500m");
    expect(of(planned).limitCpuMilli - of(bare).limitCpuMilli).toBe(of(bare).pods * 200);
  });
});

describe("Istio", () => {
  it("lets in exactly the callers of the graph, by identity", () => {
    expect(find("AuthorizationPolicy", "deny-by-default")?.["spec"]).toEqual({});
    expect(find("AuthorizationPolicy", "pricing")).toMatchObject({
      spec: {
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: ["cluster.local/ns/storefront/sa/storefront"] } }],
            to: [{ operation: { ports: ["9090"] } }],
          },
        ],
      },
    });
  });

  it("treats requests as the app and the platform say", () => {
    const spec = find("VirtualService", "pricing")?.["spec"] as { http: Record<string, unknown>[] };
    expect(spec.http).toHaveLength(4);
    expect(spec.http[0]).toMatchObject({
      match: [{ headers: { "x-canary": { exact: "yes" } }, method: {} }],
      route: [{ destination: { host: "mailer-api.mailer-api.svc.cluster.local" } }],
      timeout: "15s",
      retries: { attempts: 2, perTryTimeout: "500ms" },
      mirrorPercentage: { value: 10 },
      fault: { abort: { httpStatus: 503, percentage: { value: 50 } } },
    });
    expect(spec.http[3]).toMatchObject({
      route: [{ weight: 5 }, { weight: 95 }],
      retries: { retryOn: "connect-failure,refused-stream" },
    });
    expect(find("DestinationRule", "pricing")).toMatchObject({
      spec: { trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } } },
    });
  });

  it("lets out only where the graph leads", () => {
    expect(find("Sidecar", "storefront")?.["spec"]).toMatchObject({
      egress: [
        {
          hosts: expect.arrayContaining([
            "./api.payments.example.com",
            "istio-system/*",
            "pricing/pricing.pricing.svc.cluster.local",
          ]),
        },
      ],
    });
    expect(find("ServiceEntry", "api.payments.example.com-443")).toMatchObject({
      spec: { resolution: "DNS", ports: [{ protocol: "TLS" }] },
    });
  });
});

describe("no mesh", () => {
  const OF_A_MESH = /istio|linkerd/;

  it("leaves no object of a mesh, no label and no proxy in the tree", () => {
    const written = (definition: Parameters<typeof planEnvironment>[0]): string[] =>
      emissionsOf(planEnvironment(definition, "dev"))
        .map(({ emission }) => JSON.stringify(emission))
        .filter((text) => OF_A_MESH.test(text));
    expect(written(meshed(istio())).length).toBeGreaterThan(0);
    expect(written(meshed(undefined))).toEqual([]);
  });
});

describe("without what it takes", () => {
  const codes = (definition: unknown, environment: string): string[] =>
    findings(definition, environment).map(({ code }) => code);

  it("is a finding for every setting, and no error", () => {
    expect(codes(meshed(undefined), "dev")).toContain("plan/traffic-not-applied");
    expect(codes(meshed(istio()), "dev")).not.toContain("plan/traffic-not-applied");
    expect(codes(meshed(istio({ mode: "ambient" })), "dev")).toContain("plan/traffic-not-applied");
  });

  it("is an error where mutual TLS was promised", () => {
    const promised = { ...meshed(undefined), traffic: { mtls: true } };
    expect(codes(promised, "dev")).toContain("plan/mtls-without-mesh");
  });

  it("refuses faults without an end where people rely on it", () => {
    const pricing = { image: "x/y:1", port: 80, traffic: { faults: { abort: {} } } };
    const definition = { ...meshed(istio()), apps: { ...meshed(istio()).apps, pricing } };
    expect(codes(definition, "prod")).toContain("plan/faults-without-end");
    expect(codes(definition, "dev")).not.toContain("plan/faults-without-end");
  });
});
