import { describe, expect, it } from "vitest";
import {
  applyDefaults,
  builtinKinds,
  createKindRegistry,
  crdObjects,
  validateObject,
} from "../../../kubernetes/index.ts";
import { gatewayApiCrdFacts } from "./crds.facts.ts";

const registry = createKindRegistry(gatewayApiCrdFacts);
const API = "gateway.networking.k8s.io/v1";

function route(rule: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const spec = { parentRefs: [{ name: "public" }], hostnames: ["shop.example.com"], rules: [rule] };
  return { apiVersion: API, kind: "HTTPRoute", metadata: { name: "shop" }, spec };
}

function gateway(listener: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const listeners = [{ name: "https", port: 443, protocol: "HTTPS", ...listener }];
  return {
    apiVersion: API,
    kind: "Gateway",
    metadata: { name: "public" },
    spec: { gatewayClassName: "envoy", listeners },
  };
}

const CASES: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  [
    "a weighted route",
    route({
      backendRefs: [
        { name: "web", port: 80, weight: 95 },
        { name: "web-canary", port: 80, weight: 5 },
      ],
    }),
    [],
  ],
  [
    "a filter",
    route({
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
    }),
    [],
  ],
  [
    "a bad port",
    route({ backendRefs: [{ name: "web", port: 70_000 }] }),
    ["spec.rules[0].backendRefs[0].port: range"],
  ],
  [
    "a bad path match",
    route({ matches: [{ path: { type: "Glob", value: "/" } }] }),
    ["spec.rules[0].matches[0].path.type: enum"],
  ],
  [
    "a bad status code",
    route({ filters: [{ type: "RequestRedirect", requestRedirect: { statusCode: 200 } }] }),
    ["spec.rules[0].filters[0].requestRedirect.statusCode: enum"],
  ],
  ["a listener", gateway({ tls: { certificateRefs: [{ name: "public-tls" }] } }), []],
  ["a listener without a name", gateway({ name: undefined }), ["spec.listeners[0].name: required"]],
  [
    "a listener's bad hostname",
    gateway({ hostname: "Shop_Example" }),
    ["spec.listeners[0].hostname: pattern"],
  ],
];

describe("the Gateway API's kinds", () => {
  it("are those of the standard channel, in the versions served", () => {
    const names = registry.all().map(({ kind, version }) => `${kind} ${version}`);
    for (const name of [
      "Gateway v1",
      "GatewayClass v1",
      "HTTPRoute v1",
      "HTTPRoute v1beta1",
      "GRPCRoute v1",
      "TLSRoute v1",
      "TCPRoute v1",
      "UDPRoute v1",
      "BackendTLSPolicy v1",
      "ListenerSet v1",
      "ReferenceGrant v1",
      "ReferenceGrant v1beta1",
    ]) {
      expect(names).toContain(name);
    }
    expect(names).not.toContain("TLSRoute v1alpha2");
    expect(registry.find(API, "GatewayClass")?.namespaced).toBe(false);
    expect(registry.find(API, "ReferenceGrant")?.custom?.storage).toBe(false);
  });

  it.each(CASES)("%s", (_name, object, problems) => {
    const facts = registry.find(API, String(object["kind"]));
    const found = facts && validateObject(object, facts);
    expect(found?.map(({ cause, kind }) => `${cause.field}: ${kind}`)).toEqual(problems);
  });

  it("fill in what a route leaves out", () => {
    const facts = registry.find(API, "HTTPRoute");
    const filled =
      facts && applyDefaults(route({ backendRefs: [{ name: "web", port: 80 }] }), facts);
    expect(filled).toMatchObject({
      spec: {
        parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "public" }],
        rules: [
          {
            backendRefs: [{ group: "", kind: "Service", weight: 1 }],
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
          },
        ],
      },
    });
  });

  it("carry the approval without which their group is protected", () => {
    for (const { metadata } of crdObjects(gatewayApiCrdFacts)) {
      expect(metadata.annotations).toHaveProperty(["api-approved.kubernetes.io"]);
      expect(metadata.annotations).toHaveProperty(
        ["gateway.networking.k8s.io/channel"],
        "standard",
      );
    }
  });

  it("are definitions a server takes", () => {
    const kind = builtinKinds().find("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    const problems = crdObjects(gatewayApiCrdFacts).map((crd) => kind && validateObject(crd, kind));
    expect(problems).toEqual(problems.map(() => []));
  });

  it("keep their rules", () => {
    const rules = registry.find(API, "HTTPRoute")?.schema.properties?.["spec"]?.properties?.[
      "rules"
    ];
    expect(rules?.validations?.every(({ rule, message }) => rule !== "" && message !== "")).toBe(
      true,
    );
  });
});
