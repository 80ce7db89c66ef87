// Names from outside through both ingress components: TLS where somebody has a certificate, a redirect beside it.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { harbour, inherited } from "../testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../testing/plan.ts";

function emitted(definition: unknown, environment: string) {
  const planned = planEnvironment(definition, environment);
  const emission = emissionsOf(planned).find(({ component }) =>
    ["nginx-gateway-fabric", "ingress-nginx"].includes(component),
  )?.emission;
  const objects = (emission?.objects ?? []).map(({ object }) => object);
  const find = (kind: string, name: string): KubernetesObject | undefined =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  return { planned, emission, objects, find };
}

describe("on a developer's machine", () => {
  const { find, planned, emission } = emitted(harbour, "dev");

  it("serves plain HTTP and asks nobody for a certificate", () => {
    expect(find("Gateway", "platform")).toMatchObject({
      spec: { listeners: [{ name: "http", protocol: "HTTP", port: 80 }] },
    });
    expect(find("HTTPRoute", "redirect-to-https")).toBeUndefined();
    expect(planned.cluster.secrets.map(({ id }) => id)).not.toContain("ingress.certificate");
  });

  it("answers on the port of the nodes the machine's port leads to", () => {
    expect(emission?.charts?.[0]?.values).toMatchObject({
      nginx: { service: { nodePorts: [{ port: 30_080, listenerPort: 80 }] } },
    });
  });
});

describe("elsewhere", () => {
  const { find, planned } = emitted(harbour, "prod");

  it("serves HTTPS with the platform's certificate and redirects HTTP", () => {
    expect(find("Gateway", "platform")).toMatchObject({
      spec: {
        listeners: [
          { name: "http", allowedRoutes: { namespaces: { from: "Same" } } },
          {
            name: "https",
            tls: { mode: "Terminate", certificateRefs: [{ name: "platform-tls" }] },
            allowedRoutes: { namespaces: { from: "Selector" } },
          },
        ],
      },
    });
    expect(find("HTTPRoute", "redirect-to-https")).toMatchObject({
      metadata: { namespace: "nginx-gateway" },
      spec: { parentRefs: [{ sectionName: "http" }] },
    });
    const certificate = planned.cluster.secrets.find(({ id }) => id === "ingress.certificate");
    expect(certificate).toMatchObject({ type: "kubernetes.io/tls", namespaces: ["nginx-gateway"] });
  });

  it("routes each name beside its backend", () => {
    expect(find("HTTPRoute", "storefront")).toMatchObject({
      metadata: { namespace: "storefront" },
      spec: {
        parentRefs: [{ name: "platform", namespace: "nginx-gateway", sectionName: "https" }],
        hostnames: ["shop.harbour.example.com"],
        rules: [{ backendRefs: [{ name: "storefront", port: 80 }] }],
      },
    });
  });

  it("keeps one data plane pod through voluntary evictions", () => {
    expect(find("PodDisruptionBudget", "platform-nginx")).toMatchObject({
      spec: {
        selector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "platform" } },
      },
    });
  });
});

describe("ingress-nginx", () => {
  const { find, planned, emission } = emitted(inherited, "prod");

  it("makes Ingress objects and needs no Gateway API", () => {
    expect(find("Ingress", "lamp")).toMatchObject({
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["lamp.lighthouse.example.com"] }],
        rules: [{ host: "lamp.lighthouse.example.com" }],
      },
    });
    const charts = emissionsOf(planned).flatMap((one) => one.emission.charts ?? []);
    expect(charts.map(({ chart }) => chart)).not.toContain("gateway-crds-helm");
  });

  it("goes without the webhook", () => {
    expect(emission?.charts?.[0]?.values).toMatchObject({
      controller: { admissionWebhooks: { enabled: false } },
    });
  });
});
