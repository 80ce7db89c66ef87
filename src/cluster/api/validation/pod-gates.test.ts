// Cases of kubernetes pkg/apis/core/validation/validation_test.go (TestValidatePodUpdate, gated pods) @ v1.36.

import { describe, expect, test } from "vitest";
import { gatedCondition, validateGates, validateNarrowing } from "./pod-gates.ts";

const gates = (...names: readonly string[]): object => ({
  schedulingGates: names.map((name) => ({ name })),
});
const requires = (...keys: readonly string[]): object => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: keys.map((key) => ({ key, operator: "Exists" })) }],
      },
    },
  },
});

describe("scheduling gates", () => {
  test.each([
    { name: "removal", old: gates("a", "b"), next: gates("b"), fields: [] },
    { name: "removal of all", old: gates("a"), next: {}, fields: [] },
    {
      name: "a new gate",
      old: gates("a"),
      next: gates("a", "b"),
      fields: ["spec.schedulingGates[1].name"],
    },
    { name: "a first gate", old: {}, next: gates("a"), fields: ["spec.schedulingGates[0].name"] },
  ])("$name", ({ old, next, fields }) => {
    expect(validateGates({ ...next }, { ...old }).map(({ field }) => field)).toEqual(fields);
  });

  test.each([
    {
      name: "node labels may be added",
      old: { nodeSelector: { a: "1" } },
      next: { nodeSelector: { a: "1", b: "2" } },
      faults: 0,
    },
    {
      name: "node labels may not change",
      old: { nodeSelector: { a: "1" } },
      next: { nodeSelector: { a: "2" } },
      faults: 1,
    },
    { name: "node labels may not go", old: { nodeSelector: { a: "1" } }, next: {}, faults: 1 },
    { name: "required affinity may be set", old: {}, next: requires("a"), faults: 0 },
    { name: "a term may get stricter", old: requires("a"), next: requires("a", "b"), faults: 0 },
    { name: "a term may not get looser", old: requires("a", "b"), next: requires("a"), faults: 1 },
  ])("$name while gated", ({ old, next, faults }) => {
    expect(validateNarrowing({ ...next }, { ...old })).toHaveLength(faults);
  });

  test("a gated pod says so from the start", () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };
    expect(gatedCondition({ ...pod, spec: {} } as never, "now")).toBeUndefined();
    expect(gatedCondition({ ...pod, spec: gates("a") } as never, "now")).toMatchObject({
      type: "PodScheduled",
      status: "False",
      reason: "SchedulingGated",
    });
  });
});
