// Leases: cases of TestValidateLeaseSpec in kubernetes pkg/apis/coordination/validation/validation_test.go @v1.36.2.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture } from "../testing/api-fixture.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "test", namespace: "default" },
};

describe("a Lease", () => {
  const rows = [
    {
      name: "of the usual form",
      change: { spec: { holderIdentity: "holder", leaseDurationSeconds: 10, leaseTransitions: 1 } },
      faults: [],
    },
    { name: "without a spec", change: {}, faults: [] },
    {
      name: "of no duration and a negative count",
      change: { spec: { holderIdentity: "holder", leaseDurationSeconds: 0, leaseTransitions: -1 } },
      faults: [
        "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "with fields of a gate that is off",
      change: {
        spec: { holderIdentity: "holder", strategy: "Nonsense", preferredHolder: "other" },
      },
      faults: [],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("a Lease that is changed", () => {
  const rows = [
    {
      name: "renewed",
      before: { spec: { holderIdentity: "holder", leaseDurationSeconds: 10 } },
      after: {
        spec: {
          holderIdentity: "holder",
          leaseDurationSeconds: 10,
          renewTime: "2026-01-01T00:00:00.000000Z",
        },
      },
      faults: [],
    },
    {
      name: "for a negative duration",
      before: { spec: { holderIdentity: "holder", leaseDurationSeconds: 10 } },
      after: { spec: { holderIdentity: "holder", leaseDurationSeconds: -10 } },
      faults: ["spec.leaseDurationSeconds: Invalid value: -10: must be greater than 0"],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});

it("a Lease holds no fields of a gate that is off", async () => {
  const { api } = apiFixture();
  const spec = { holderIdentity: "holder" };
  const stored = await api.create(merged(BASE, { spec: { ...spec, strategy: "A" } }));
  expect(stored["spec"]).toEqual(spec);
  const more = { spec: { preferredHolder: "other", holderIdentity: "other" } };
  const next = await api.update(merged(stored, more));
  expect(next["spec"]).toEqual({ holderIdentity: "other" });
});
