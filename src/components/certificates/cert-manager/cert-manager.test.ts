// Certificates by every ingress: issued where somebody issues them, a person's Secret elsewhere; by names or by wildcard.

import { describe, expect, it } from "vitest";

import { certified, EMAIL, harbour, type Platform } from "../../testing/definitions.ts";
import {
  acme,
  certManager,
  dns01Cloudflare,
  dns01Route53,
  envoyGateway,
  ingressNginx,
  istio,
  istioGateway,
  nginxGatewayFabric,
  privateCa,
} from "../../index.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

function emitted(definition: unknown, environment: string) {
  const planned = planEnvironment(definition, environment);
  const emissions = emissionsOf(planned).map(({ emission }) => emission);
  const objects = emissions.flatMap((one) => one.objects ?? []).map(({ object }) => object);
  return {
    planned,
    values: emissions
      .flatMap((one) => one.charts ?? [])
      .find(({ chart }) => chart === "cert-manager")?.values,
    find: (kind: string, name: string) =>
      objects.find((object) => object.kind === kind && object.metadata.name === name),
  };
}

const byAcme = certManager({ issuer: acme({ email: EMAIL }) });

describe("the certificate an ingress serves with", () => {
  const ROWS = [
    { name: "nginx-gateway-fabric", ingress: nginxGatewayFabric(), namespace: "nginx-gateway" },
    { name: "envoy-gateway", ingress: envoyGateway(), namespace: "envoy-gateway-system" },
    { name: "ingress-nginx", ingress: ingressNginx(), namespace: "ingress-nginx" },
    { name: "istio-gateway", ingress: istioGateway(), mesh: istio(), namespace: "istio-ingress" },
  ] as const;

  it.each(ROWS)("is issued for $name, and nobody has to bring it", ({ namespace, ...slots }) => {
    const { name: _, ...chosen } = slots;
    const { find, planned } = emitted({ ...certified(byAcme), ...chosen }, "prod");
    expect(find("Certificate", "platform-tls")).toMatchObject({
      metadata: { namespace },
      spec: { secretName: "platform-tls", issuerRef: { name: "platform", kind: "ClusterIssuer" } },
    });
    expect(planned.cluster.secrets.map(({ id }) => id)).not.toContain("ingress.certificate");
    const flows = planned.cluster.flows.filter(({ to }) =>
      "name" in to ? to.name === "cm-acme-http-solver" : false,
    );
    expect(flows).toMatchObject([{ from: { namespace }, port: 8089 }]);
  });

  it("is brought by a person where nobody issues", () => {
    const { planned } = emitted(harbour, "prod");
    expect(planned.cluster.secrets.map(({ id }) => id)).toContain("ingress.certificate");
    expect(planned.cluster.certificates).toEqual([]);
  });
});

describe("issuers", () => {
  it("proves every name by HTTP behind the gateway's port 80", () => {
    const { find, planned, values } = emitted(certified(byAcme), "prod");
    const parent = { name: "platform", namespace: "nginx-gateway", sectionName: "http" };
    expect(find("ClusterIssuer", "platform")).toMatchObject({
      spec: { acme: { solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [parent] } } }] } },
    });
    expect(values).toMatchObject({ config: { enableGatewayAPI: true }, replicaCount: 2 });
    const names = planned.cluster.routes.map(({ hostname }) => hostname);
    expect(names).toContain("shop.harbour.example.com");
    expect(find("Certificate", "platform-tls")).toMatchObject({
      spec: { dnsNames: [...new Set(names)] },
    });
  });

  it.each([
    { name: "Cloudflare", solver: dns01Cloudflare(), keys: ["api-token"] },
    {
      name: "Route 53",
      solver: dns01Route53({ region: "eu-central-1" }),
      keys: ["access-key-id", "secret-access-key"],
    },
  ])("proves a wildcard by DNS at $name with credentials a person gives", ({ solver, keys }) => {
    const definition = certified(certManager({ issuer: acme({ email: EMAIL, solver }) }));
    const { find, planned } = emitted(definition, "prod");
    expect(find("Certificate", "platform-tls")).toMatchObject({
      spec: { dnsNames: ["harbour.example.com", "*.harbour.example.com"] },
    });
    const secret = planned.cluster.secrets.find(({ id }) => id === "certificates.dns");
    expect(secret?.keys.map(({ key }) => key)).toEqual(keys);
  });

  it("signs with an authority of its own, on a developer's machine too, which then has HTTPS", () => {
    const { find } = emitted(certified(certManager()), "dev");
    expect(find("ClusterIssuer", "platform")).toMatchObject({
      spec: { ca: { secretName: "platform-authority" } },
    });
    expect(find("Gateway", "platform")).toMatchObject({
      spec: { listeners: [{ name: "http" }, { name: "https" }] },
    });
  });

  it("says that no public authority reaches a developer's machine", () => {
    const mended: Platform = {
      ...certified(byAcme),
      overrides: {
        ...harbour.overrides,
        dev: { ...harbour.overrides?.["dev"], certificates: certManager({ issuer: privateCa() }) },
      },
    };
    const codes = (definition: Platform) => findings(definition, "dev").map(({ code }) => code);
    expect(codes(certified(byAcme))).toContain("component/unreachable-by-authority");
    expect(codes(mended)).not.toContain("component/unreachable-by-authority");
  });
});
