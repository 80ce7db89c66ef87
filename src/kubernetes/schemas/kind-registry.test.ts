import { describe, expect, it } from "vitest";
import { invariant } from "../../core/index.ts";
import { kindsOfCrd } from "./custom-definition.ts";
import { builtinKinds, createKindRegistry } from "./kind-registry.ts";
import type { KindFacts } from "./schema.ts";

function builtin(apiVersion: string, kind: string): KindFacts {
  const found = builtinKinds().find(apiVersion, kind);
  invariant(found !== undefined, `${apiVersion} ${kind} is built in`);
  return found;
}

/** `apiVersion kind` → facts that other rooms rely on. */
const FACTS: readonly (readonly [string, string, Partial<KindFacts>])[] = [
  ["v1", "Pod", { resource: "pods", namespaced: true, shortNames: ["po"], categories: ["all"] }],
  [
    "v1",
    "Namespace",
    { resource: "namespaces", namespaced: false, subresources: ["finalize", "status"] },
  ],
  ["v1", "Endpoints", { resource: "endpoints", singular: "endpoints", listKind: "EndpointsList" }],
  ["v1", "ComponentStatus", { verbs: ["get", "list"] }],
  ["v1", "Binding", { resource: "bindings", verbs: ["create"] }],
  [
    "apps/v1",
    "Deployment",
    { group: "apps", version: "v1", shortNames: ["deploy"], subresources: ["scale", "status"] },
  ],
  ["networking.k8s.io/v1", "NetworkPolicy", { shortNames: ["netpol"], subresources: [] }],
  ["autoscaling/v2", "HorizontalPodAutoscaler", { shortNames: ["hpa"] }],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", { namespaced: false }],
  ["storage.k8s.io/v1", "StorageClass", { namespaced: false, shortNames: ["sc"] }],
  ["policy/v1", "Eviction", { resource: "", verbs: [] }],
];

const WIDGET = kindsOfCrd({
  spec: {
    group: "example.com",
    names: { kind: "Widget", plural: "widgets" },
    versions: [{ name: "v1", served: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
});

describe("builtinKinds", () => {
  it.each(FACTS)("%s %s", (apiVersion, kind, facts) => {
    expect(builtin(apiVersion, kind)).toMatchObject(facts);
  });

  it("tells the kinds and verbs of subresources", () => {
    const subresources = builtin("v1", "Pod").subresourceFacts ?? [];
    expect(subresources.find(({ name }) => name === "eviction")).toEqual({
      name: "eviction",
      verbs: ["create"],
      group: "policy",
      version: "v1",
      kind: "Eviction",
    });
    expect(subresources.map(({ name }) => name)).toEqual(builtin("v1", "Pod").subresources);
  });

  it("lists every resource once, core first, and no bodies of subresources", () => {
    const all = builtinKinds().all();
    const names = all.map(({ group, version, resource }) => `${group}/${version}/${resource}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("policy/v1/");
    expect(all[0]?.group).toBe("");
    expect(all.length).toBeGreaterThan(60);
  });

  it("gives the same schema every time, shared between kinds", () => {
    const template = builtin("apps/v1", "Deployment").schema.properties?.["spec"]?.properties?.[
      "template"
    ];
    const other = builtin("apps/v1", "DaemonSet").schema.properties?.["spec"]?.properties?.[
      "template"
    ];
    expect(template).toBe(other);
    expect(builtin("v1", "Pod").schema).toBe(builtin("v1", "Pod").schema);
  });

  it("knows no kind of a version that is not served", () => {
    expect(builtinKinds().find("extensions/v1beta1", "Ingress")).toBeUndefined();
    expect(builtinKinds().find("apps/v1", "Pod")).toBeUndefined();
  });
});

describe("createKindRegistry", () => {
  it("layers tables, the later one on top", () => {
    const [widget] = WIDGET;
    invariant(widget !== undefined, "the definition serves one version");
    const newer = { ...widget, shortNames: ["w"] };
    const registry = createKindRegistry(builtinKinds(), WIDGET, [newer]);
    expect(registry.find("example.com/v1", "Widget")?.shortNames).toEqual(["w"]);
    expect(registry.find("apps/v1", "Deployment")).toBe(builtin("apps/v1", "Deployment"));
    expect(registry.find("policy/v1", "Eviction")).toBe(builtin("policy/v1", "Eviction"));
    expect(registry.all()).toHaveLength(builtinKinds().all().length + 1);
  });

  it("is empty without tables", () => {
    expect(createKindRegistry().all()).toEqual([]);
    expect(createKindRegistry().find("v1", "Pod")).toBeUndefined();
  });
});
