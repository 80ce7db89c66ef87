// CSIDrivers: cases of TestCSIDriverValidation and TestCSIDriverValidationUpdate in kubernetes
// pkg/apis/storage/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name: "test" },
};

describe("a CSIDriver", () => {
  const rows = [
    { name: "of the usual form", change: { spec: {} }, faults: [] },
    {
      name: "with all lifecycle modes",
      change: { spec: { volumeLifecycleModes: ["Persistent", "Ephemeral"] } },
      faults: [],
    },
    {
      name: "with an unknown lifecycle mode",
      change: { spec: { volumeLifecycleModes: ["Persistent", "Eternal"] } },
      faults: [
        'spec.volumeLifecycleModes: Unsupported value: "Eternal": supported values: "Persistent", "Ephemeral"',
      ],
    },
    {
      name: "with an unknown policy for groups",
      change: { spec: { fsGroupPolicy: "Some" } },
      faults: [
        'spec.fsGroupPolicy: Unsupported value: "Some": supported values: "File", "None", "ReadWriteOnceWithFSType"',
      ],
    },
    {
      name: "with tokens for one audience twice",
      change: { spec: { tokenRequests: [{ audience: "gcp" }, { audience: "gcp" }] } },
      faults: ['spec.tokenRequests[1].audience: Duplicate value: "gcp"'],
    },
    {
      name: "with tokens for nobody twice",
      change: { spec: { tokenRequests: [{ audience: "" }, { audience: "" }] } },
      faults: ['spec.tokenRequests[1].audience: Duplicate value: ""'],
    },
    {
      name: "with tokens of short and long life",
      change: {
        spec: {
          tokenRequests: [
            { audience: "a", expirationSeconds: 599 },
            { audience: "b", expirationSeconds: 4_294_967_297 },
            { audience: "c", expirationSeconds: 600 },
          ],
        },
      },
      faults: [
        "spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
        "spec.tokenRequests[1].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
      ],
    },
    {
      name: "with an update period too short",
      change: { spec: { nodeAllocatableUpdatePeriodSeconds: 9 } },
      faults: [
        "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds",
      ],
    },
    {
      name: "with tokens in secrets, and none asked for",
      change: { spec: { serviceAccountTokenInSecrets: true } },
      faults: [
        "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("a CSIDriver that is changed", () => {
  const rows = [
    {
      name: "podInfoOnMount changed",
      before: { spec: {} },
      after: { spec: { podInfoOnMount: true } },
      faults: [],
    },
    {
      name: "AttachRequired changed",
      before: { spec: {} },
      after: { spec: { attachRequired: false } },
      faults: ["spec.attachedRequired: Invalid value: false: field is immutable"],
    },
    {
      name: "VolumeLifecycleModes changed",
      before: { spec: {} },
      after: { spec: { volumeLifecycleModes: ["Ephemeral"] } },
      faults: ['spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable'],
    },
    {
      name: "FSGroupPolicy with invalid value",
      before: { spec: {} },
      after: { spec: { fsGroupPolicy: "Some", attachRequired: false } },
      faults: [
        'spec.fsGroupPolicy: Unsupported value: "Some": supported values: "File", "None", "ReadWriteOnceWithFSType"',
        "spec.attachedRequired: Invalid value: false: field is immutable",
      ],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});
