// TLS from the ingress to the pods, through every ingress that does it: certificates for both sides, what checks them, and what is
// found where something is missing.

import { describe, expect, it } from "vitest";

import { builtinKinds, createKindRegistry, validateObject } from "../../kubernetes/index.ts";
import { registry } from "../index.ts";
import { harbour } from "../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../testing/plan.ts";

interface Row {
  readonly kind: string;
  /** Where the ingress's own certificate lies. */
  readonly client: string;
  readonly writes: readonly (readonly [kind: string, name: string, content: object])[];
}

const POLICY = [
  "BackendTLSPolicy",
  "storefront",
  {
    metadata: { namespace: "storefront" },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: "storefront" }],
      validation: {
        hostname: "storefront.storefront.svc",
        caCertificateRefs: [{ group: "", kind: "Secret", name: "storefront-tls" }],
      },
    },
  },
] as const;

const ROWS: readonly Row[] = [
  {
    kind: "nginx-gateway-fabric",
    client: "nginx-gateway",
    writes: [
      POLICY,
      [
        "Gateway",
        "platform",
        { spec: { tls: { backend: { clientCertificateRef: { name: "ingress-client" } } } } },
      ],
    ],
  },
  {
    kind: "envoy-gateway",
    client: "envoy-gateway-system",
    writes: [
      POLICY,
      [
        "EnvoyProxy",
        "platform",
        {
          spec: {
            backendTLS: { clientCertificateRef: { kind: "Secret", name: "ingress-client" } },
          },
        },
      ],
    ],
  },
  {
    kind: "ingress-nginx",
    client: "storefront",
    writes: [
      [
        "Ingress",
        "storefront",
        {
          metadata: {
            annotations: {
              "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
              "nginx.ingress.kubernetes.io/proxy-ssl-verify": "on",
              "nginx.ingress.kubernetes.io/proxy-ssl-name": "storefront.storefront.svc",
              "nginx.ingress.kubernetes.io/proxy-ssl-secret": "storefront/ingress-client",
            },
          },
        },
      ],
    ],
  },
];

function platform(kind: string, upstream: string, more: object = {}): unknown {
  const { storefront, ...apps } = harbour.apps ?? {};
  const { metrics: _metrics, ...plain } = storefront ?? { image: "x:1" };
  const callbacks = { payments: { path: "/webhooks/payments" } };
  const route = { host: "shop", port: 8080, upstream, callbacks };
  return {
    ...harbour,
    ingress: { kind },
    certificates: { kind: "cert-manager" },
    apps: { ...apps, storefront: { ...plain, route } },
    ...more,
  };
}

describe.each(ROWS)("$kind", ({ kind, client, writes }) => {
  const planned = planEnvironment(platform(kind, "mtls"), "prod");
  const objects = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  const find = (wanted: string, name: string) =>
    objects.find((object) => object.kind === wanted && object.metadata.name === name);

  it.each(writes)("%s %s", (wanted, name, content) => {
    expect(find(wanted, name)).toMatchObject(content);
  });

  it("gives both sides certificates of one authority, each for its own use", () => {
    const certificates = objects.filter(({ kind: one }) => one === "Certificate");
    const peers = certificates.filter(
      ({ spec }) => (spec as { issuerRef: { name: string } }).issuerRef.name === "platform-peers",
    );
    expect(
      peers.map(({ metadata, spec }) => [
        `${metadata.namespace}/${metadata.name}`,
        (spec as { usages: string[] }).usages[1],
      ]),
    ).toEqual([
      ["storefront/storefront-tls", "server auth"],
      [`${client}/ingress-client`, "client auth"],
    ]);
  });

  it("tells the app where its files are, and asks it only whether it listens", () => {
    const text = JSON.stringify(find("Deployment", "storefront"));
    expect(text).toContain('{"name":"TLS_CLIENT_CA_FILE","value":"/etc/tls/ca.crt"}');
    expect(text).toContain('"readinessProbe":{"tcpSocket":{"port":"http"}');
  });

  it("writes objects its kinds take", async () => {
    const facts = await Promise.all(
      registry.components.map(async (component) =>
        "crds" in component && component.crds !== undefined ? component.crds() : [],
      ),
    );
    const kinds = createKindRegistry(builtinKinds(), ...facts.flat());
    const problems = objects.flatMap((object) => {
      const found = kinds.find(object.apiVersion, object.kind);
      return found === undefined ? [] : validateObject(object, found).map(({ message }) => message);
    });
    expect(problems).toEqual([]);
  });

  it("leaves no plain hop between them", () => {
    const hop = planned.graph.flows.find(
      ({ purpose, to }) =>
        purpose === "route" && to.kind === "workload" && to.name === "storefront",
    );
    expect(hop).toMatchObject({ encryption: "mtls", application: "https" });
  });
});

describe("a route with a port of its own", () => {
  const route = { host: "p", port: 8443, upstream: "mtls" };
  const pricing = { image: "x:1", port: 9464, metrics: "/metrics", route };
  const both = {
    pricing,
    front: { image: "x:1", port: 80, needs: ["pricing"], health: false },
  };
  const definition = platform("envoy-gateway", "mtls", { apps: both });
  const planned = planEnvironment(definition, "prod");
  const objects = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object)
    .filter(({ metadata }) => metadata.name === "pricing");
  const text = (kind: string) => JSON.stringify(objects.find((object) => object.kind === kind));

  it("leaves the other to apps, probes and whoever scrapes, in plain text", () => {
    const errors = findings(definition, "prod").filter(({ severity }) => severity === "error");
    expect(errors).toEqual([]);
    expect(planned.graph.workload("pricing", "pricing")?.metrics).toEqual({
      port: 9464,
      path: "/metrics",
    });
    expect(text("Deployment")).toContain(
      '"readinessProbe":{"httpGet":{"path":"/readyz","port":"http"}',
    );
  });

  it("is reached through a port of the Service that leads there", () => {
    expect(text("Service")).toContain(
      '"ports":[{"name":"http","port":80,"targetPort":"http","protocol":"TCP"},{"name":"route","port":443,"targetPort":"route","protocol":"TCP"}]',
    );
    expect(text("HTTPRoute")).toContain('"backendRefs":[{"name":"pricing","port":443}]');
    const flow = planned.graph.flows.find(
      ({ purpose, to }) => purpose === "route" && to.kind === "workload" && to.name === "pricing",
    );
    expect(flow?.port).toBe(8443);
  });
});

it("asks for no certificate of the ingress where the app asks for none", () => {
  const planned = planEnvironment(platform("envoy-gateway", "tls"), "prod");
  expect(planned.cluster.peerCertificates.map(({ secret }) => secret)).toEqual(["storefront-tls"]);
});

describe("what is found", () => {
  const metrics = {
    apps: {
      pricing: { image: "x:1", metrics: "/metrics", route: { host: "p", upstream: "mtls" } },
    },
  };

  it.each([
    {
      name: "nobody issues certificates",
      definition: platform("envoy-gateway", "tls", { certificates: { kind: "none" } }),
      without: "certificates",
      code: "route/upstream-needs-issuer",
    },
    {
      name: "somebody else needs that port",
      definition: platform("envoy-gateway", "mtls", metrics),
      code: "route/upstream-closed-to-others",
    },
    {
      name: "an ingress that leaves it to its mesh",
      definition: platform("istio-gateway", "tls", { mesh: { kind: "istio" } }),
      code: "plan/unserved-route",
    },
  ])("$name", ({ definition, without, code }) => {
    const entries = Object.entries(definition as object).filter(([key]) => key !== without);
    const found = findings(Object.fromEntries(entries), "prod");
    const errors = found.filter(({ severity }) => severity === "error").map((one) => one.code);
    expect([...new Set(errors)]).toEqual([code]);
  });
});
