import { describe, expect, it } from "vitest";
import type { FieldSchema } from "../schemas/schema.ts";
import { applyStrategicMergePatch, StrategicMergeError } from "./strategic-merge-patch.ts";

const PORT: FieldSchema = { type: "object", properties: { containerPort: {}, protocol: {} } };
const ENV: FieldSchema = { type: "object", properties: { name: {}, value: {} } };
const CONTAINER: FieldSchema = {
  type: "object",
  properties: {
    name: {},
    image: {},
    env: { type: "array", items: ENV, patchStrategy: "merge", patchMergeKey: "name" },
    ports: { type: "array", items: PORT, patchStrategy: "merge", patchMergeKey: "containerPort" },
    args: { type: "array", items: {} },
  },
};
const SCHEMA: FieldSchema = {
  type: "object",
  properties: {
    finalizers: { type: "array", items: {}, patchStrategy: "merge" },
    containers: { type: "array", items: CONTAINER, patchStrategy: "merge", patchMergeKey: "name" },
    nodeSelector: { type: "object", additionalProperties: {} },
    strategy: {
      type: "object",
      patchStrategy: "retainKeys",
      properties: { type: {}, rolling: {} },
    },
  },
};

const TARGET = {
  finalizers: ["a", "b"],
  nodeSelector: { a: "b" },
  strategy: { type: "Rolling", rolling: { surge: 1 } },
  containers: [
    {
      name: "c",
      image: "i:1",
      args: ["x"],
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      ports: [{ containerPort: 80 }],
    },
    { name: "side", image: "s:1" },
  ],
};

const names = (value: unknown): string[] => (value as { name: string }[]).map(({ name }) => name);

describe("applyStrategicMergePatch", () => {
  const patched = (patch: Record<string, unknown>): Record<string, unknown> =>
    applyStrategicMergePatch(TARGET, patch, SCHEMA);

  it("merges keyed lists item by item and interleaves new items", () => {
    const result = patched({
      containers: [
        {
          name: "c",
          image: "i:2",
          env: [
            { name: "B", value: "9" },
            { name: "C", value: "3" },
          ],
          ports: [{ containerPort: 81 }],
        },
        { name: "new", image: "n:1" },
      ],
    });
    expect(names(result["containers"])).toEqual(["c", "new", "side"]);
    expect((result["containers"] as unknown[])[0]).toEqual({
      name: "c",
      image: "i:2",
      args: ["x"],
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "9" },
        { name: "C", value: "3" },
      ],
      ports: [{ containerPort: 81 }, { containerPort: 80 }],
    });
  });

  it.each([
    {
      name: "$patch: replace in a list",
      patch: { containers: [{ $patch: "replace" }, { name: "only" }] },
      result: { ...TARGET, containers: [{ name: "only" }] },
    },
    {
      name: "$patch: delete in a list",
      patch: { containers: [{ $patch: "delete", name: "c" }] },
      result: { ...TARGET, containers: [TARGET.containers[1]] },
    },
    {
      name: "$patch: replace in a record",
      patch: { nodeSelector: { $patch: "replace", z: "y" } },
      result: { ...TARGET, nodeSelector: { z: "y" } },
    },
    {
      name: "$retainKeys",
      patch: { strategy: { $retainKeys: ["type"], type: "Recreate" } },
      result: { ...TARGET, strategy: { type: "Recreate" } },
    },
    {
      name: "$deleteFromPrimitiveList with an added item",
      patch: { "$deleteFromPrimitiveList/finalizers": ["a"], finalizers: ["c"] },
      result: { ...TARGET, finalizers: ["c", "b"] },
    },
    {
      name: "null removes",
      patch: { nodeSelector: { a: null }, strategy: null },
      result: { finalizers: TARGET.finalizers, containers: TARGET.containers, nodeSelector: {} },
    },
    {
      name: "a list without a merge strategy is replaced",
      patch: { containers: [{ name: "c", args: ["y", "z"] }] },
      result: {
        ...TARGET,
        containers: [{ ...TARGET.containers[0], args: ["y", "z"] }, TARGET.containers[1]],
      },
    },
    {
      name: "directives do not survive in what is taken whole",
      patch: { extra: { $patch: "merge", a: 1, b: null, list: [{ $patch: "delete", name: "x" }] } },
      result: { ...TARGET, extra: { a: 1, list: [] } },
    },
  ])("$name", ({ patch, result }) => {
    expect(patched(patch)).toEqual(result);
  });

  it("orders by $setElementOrder", () => {
    const result = patched({
      "$setElementOrder/containers": [{ name: "n" }, { name: "side" }, { name: "c" }],
      containers: [{ name: "n", image: "n:1" }],
    });
    expect(names(result["containers"])).toEqual(["n", "side", "c"]);
  });

  it("gives the target back when nothing changes", () => {
    expect(patched({ containers: [{ name: "c", image: "i:1" }] })).toBe(TARGET);
  });

  it("refuses items without their key and unknown directives", () => {
    expect(() => patched({ containers: [{ image: "x" }] })).toThrow(StrategicMergeError);
    expect(() => patched({ $patch: "frob" })).toThrow(StrategicMergeError);
  });
});
