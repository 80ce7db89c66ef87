import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type {
  AnySlotFiller,
  CompiledTarget,
  DeliveryEngine,
  EmittedObject,
} from "../../model/index.ts";
import { changedFields, decorate } from "./decorate.ts";
import type { EmitInput } from "./emit.ts";
import { emit } from "./emit.ts";
import { deliver, provenance } from "./provenance.ts";

const config = (name: string, data: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
  data,
});

const emitted = (object: KubernetesObject, more: Partial<EmittedObject> = {}): EmittedObject => ({
  object,
  area: "apps/storefront",
  path: ["apps", "storefront"],
  ...more,
});

type Filler = Pick<AnySlotFiller, "name" | "emit"> & Partial<AnySlotFiller>;

function compileWith(...fillers: Filler[]): {
  readonly target: CompiledTarget | undefined;
  readonly codes: readonly string[];
} {
  // Only what the stages read of a registry and a cluster.
  const components = fillers.map((filler) => ({ family: "slot", slot: filler.name, ...filler }));
  const slots = fillers.map(({ name }) => ({ slot: name, component: name, path: [name] }));
  const input = {
    plan: {},
    graph: {},
    sealed: {},
    substrate: undefined,
    registry: { slots: [], components },
    cluster: {
      target: "dev",
      name: "local",
      environment: "dev",
      platform: "harbour",
      layout: {},
      workloads: [],
      labels: { team: "web" },
      slots,
      providers: [],
    },
  } as unknown as EmitInput;
  const decorated = decorate(emit(input), input);
  const marked = decorated.value && deliver(provenance(decorated.value, input), []);
  const diagnostics = [...decorated.diagnostics, ...(marked?.diagnostics ?? [])];
  return { target: marked?.value, codes: diagnostics.map(({ code }) => code) };
}

/** An engine that reads waves and needs nothing handed over. */
const engineWith = (waveAnnotation: string): DeliveryEngine => ({
  name: "delivery",
  namespace: "delivery",
  repository: "https://git.example.com/platform",
  role: "deploy",
  startsAs: () => undefined,
  waveAnnotation,
  handOver: () => ({}),
  sourcesOf: () => [],
  reports: [],
  stateOf: ({ metadata }) => ({ name: metadata.name, sync: "", health: "", message: "" }),
  roots: 0,
  words: { unit: "part", list: "kubectl get parts" },
});

describe("provenance", () => {
  it("marks objects with platform, origin and the wave that was asked for", () => {
    const { target } = compileWith({
      name: "delivery",
      engine: () => engineWith("engine/wave"),
      emit: () => ({ objects: [emitted(config("a")), emitted(config("b"), { wave: 3 })] }),
    });
    expect(target?.objects).toMatchInlineSnapshot(`
      [
        {
          "area": "apps/storefront",
          "object": {
            "apiVersion": "v1",
            "data": {},
            "kind": "ConfigMap",
            "metadata": {
              "annotations": {
                "keelson.dev/origin": "apps.storefront",
              },
              "labels": {
                "app.kubernetes.io/managed-by": "keelson",
                "app.kubernetes.io/part-of": "harbour",
                "team": "web",
              },
              "name": "a",
              "namespace": "shop",
            },
          },
          "origin": {
            "component": "delivery",
            "path": [
              "apps",
              "storefront",
            ],
          },
          "wave": 1,
        },
        {
          "area": "apps/storefront",
          "object": {
            "apiVersion": "v1",
            "data": {},
            "kind": "ConfigMap",
            "metadata": {
              "annotations": {
                "engine/wave": "3",
                "keelson.dev/origin": "apps.storefront",
              },
              "labels": {
                "app.kubernetes.io/managed-by": "keelson",
                "app.kubernetes.io/part-of": "harbour",
                "team": "web",
              },
              "name": "b",
              "namespace": "shop",
            },
          },
          "origin": {
            "component": "delivery",
            "path": [
              "apps",
              "storefront",
            ],
          },
          "wave": 3,
        },
      ]
    `);
  });

  it("leaves empty fields out", () => {
    const { target } = compileWith({
      name: "one",
      emit: () => ({ objects: [emitted(config("a", { x: null, y: { z: undefined, kept: 0 } }))] }),
    });
    expect(target?.objects[0]?.object["data"]).toEqual({ y: { kept: 0 } });
  });

  it("reports an object written twice", () => {
    const emit = (): ReturnType<AnySlotFiller["emit"]> => ({ objects: [emitted(config("a"))] });
    expect(compileWith({ name: "one", emit }, { name: "two", emit }).codes).toEqual([
      "compile/duplicate-object",
    ]);
  });
});

describe("decorate", () => {
  const base = { name: "base", emit: () => ({ objects: [emitted(config("a", { x: "1" }))] }) };
  const setting = (name: string, data: Record<string, string>, order = 0): Filler => ({
    name,
    emit: () => ({}),
    decorateOrder: order,
    decorate: (object) => ({ ...object, data: { ...(object["data"] as object), ...data } }),
  });

  it("runs decorators in their order", () => {
    const seen: string[] = [];
    const noting = (name: string, order: number): Filler => ({
      ...setting(name, {}),
      decorateOrder: order,
      decorate: (object) => (seen.push(name), object),
    });
    compileWith(base, noting("late", 2), noting("early", 1));
    expect(seen).toEqual(["early", "late"]);
  });

  it("keeps changes of different fields", () => {
    const { target, codes } = compileWith(
      base,
      setting("one", { y: "2" }),
      setting("two", { z: "3" }),
    );
    expect(target?.objects[0]?.object["data"]).toEqual({ x: "1", y: "2", z: "3" });
    expect(codes).toEqual([]);
  });

  it("reports two owners of one field", () => {
    const { codes } = compileWith(base, setting("one", { x: "2" }), setting("two", { x: "3" }));
    expect(codes).toEqual(["compile/contested-field"]);
  });

  it.each([
    { name: "nothing", before: { a: 1 }, after: { a: 1 }, fields: [] },
    { name: "a leaf", before: { a: { b: 1 } }, after: { a: { b: 2 } }, fields: ["a.b"] },
    { name: "a new field", before: {}, after: { a: { b: 2 } }, fields: ["a"] },
    {
      name: "a named item",
      before: [{ name: "x", v: 1 }],
      after: [{ name: "y" }, { name: "x", v: 2 }],
      fields: ["x.v", "y"],
    },
    { name: "an item without name", before: [1], after: [1, 2], fields: ['["#1"]'] },
  ])("sees $name change", ({ before, after, fields }) => {
    expect(changedFields(before, after)).toEqual(fields);
  });
});
