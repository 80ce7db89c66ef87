import { describe, expect, it } from "vitest";
import type { Path } from "../../core/index.ts";
import { invariant } from "../../core/index.ts";
import { builtinKinds } from "./kind-registry.ts";
import type { FieldSchema, KindFacts } from "./schema.ts";
import { itemKeyOf, listMergeOf, mapMergeOf, patchStrategiesOf, schemaAt } from "./schema-at.ts";

function kindOf(apiVersion: string, kind: string): KindFacts {
  const facts = builtinKinds().find(apiVersion, kind);
  invariant(facts !== undefined, `${apiVersion} ${kind} is built in`);
  return facts;
}

const DEPLOYMENT = kindOf("apps/v1", "Deployment");
const POD_SPEC: Path = ["spec", "template", "spec"];

function at(...path: Path): FieldSchema {
  const schema = schemaAt(DEPLOYMENT, path);
  invariant(schema !== undefined, "the path is one of a Deployment");
  return schema;
}

describe("schemaAt", () => {
  it.each<readonly [string, Path, Partial<FieldSchema> | undefined]>([
    ["the root", [], { type: "object" }],
    ["a field", ["spec", "replicas"], { type: "integer", format: "int32" }],
    ["an item by index", [...POD_SPEC, "containers", 0, "image"], { type: "string" }],
    ["an item by key", [...POD_SPEC, "containers", { name: "web" }, "image"], { type: "string" }],
    ["a key of a map", ["metadata", "labels", "app.kubernetes.io/name"], { type: "string" }],
    [
      "a quantity",
      [...POD_SPEC, "containers", 0, "resources", "limits", "cpu"],
      { format: "quantity" },
    ],
    ["an int or string", ["spec", "strategy", "rollingUpdate", "maxSurge"], { intOrString: true }],
    ["an unknown field", ["spec", "nope"], undefined],
    ["below an unknown field", ["spec", "nope", "more", 0], undefined],
    ["a field called like a method", ["spec", "constructor"], undefined],
  ])("finds %s", (_name, path, expected) => {
    const found = schemaAt(DEPLOYMENT, path);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });
});

describe("how fields merge", () => {
  it("owns lists whole, by value or by key", () => {
    expect(listMergeOf(at(...POD_SPEC, "containers"))).toEqual({ type: "map", keys: ["name"] });
    expect(listMergeOf(at("metadata", "finalizers"))).toEqual({ type: "set" });
    expect(listMergeOf(at(...POD_SPEC, "tolerations"))).toEqual({ type: "atomic" });
    expect(listMergeOf({ type: "array" })).toEqual({ type: "atomic" });
    expect(listMergeOf({ type: "array", listType: "map" })).toEqual({ type: "atomic" });
  });

  it("owns maps key by key unless they are atomic", () => {
    expect(mapMergeOf(at("metadata", "labels"))).toBe("granular");
    expect(mapMergeOf(at("spec", "selector"))).toBe("atomic");
  });

  it("fills in the defaults of keys", () => {
    const ports = at(...POD_SPEC, "containers", 0, "ports");
    expect(itemKeyOf({ containerPort: 80 }, ports)).toEqual({ containerPort: 80, protocol: "TCP" });
    expect(itemKeyOf({ containerPort: 80, protocol: "UDP" }, ports)).toEqual({
      containerPort: 80,
      protocol: "UDP",
    });
    expect(
      itemKeyOf({ topologyKey: "zone" }, { listMapKeys: ["topologyKey", "other"] }),
    ).toBeUndefined();
  });

  it("knows merge keys and strategies of strategic merge", () => {
    expect(at(...POD_SPEC, "volumes").patchMergeKey).toBe("name");
    expect(patchStrategiesOf(at(...POD_SPEC, "volumes"))).toEqual(["merge", "retainKeys"]);
    expect(patchStrategiesOf(at("spec", "strategy"))).toEqual(["retainKeys"]);
    expect(patchStrategiesOf(at("spec", "replicas"))).toEqual([]);
  });
});
