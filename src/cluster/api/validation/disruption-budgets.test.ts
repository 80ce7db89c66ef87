// PodDisruptionBudgets: cases of TestValidatePodDisruptionBudgetSpec and TestValidatePodDisruptionBudgetStatus in kubernetes
// pkg/apis/policy/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BUDGET: KubernetesObject = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "shop" },
  spec: { selector: { matchLabels: { app: "web" } }, maxUnavailable: 1 },
};

describe("a new PodDisruptionBudget", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of both",
      change: { spec: { minAvailable: "10%" } },
      faults: [
        'spec: Invalid value: {"MinAvailable":"10%","Selector":{"matchLabels":{"app":"web"}},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    },
    {
      name: "of less than nothing",
      change: { spec: { maxUnavailable: -1 } },
      faults: ["spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0"],
    },
    {
      name: "of more than all",
      change: { spec: { maxUnavailable: undefined, minAvailable: "101%" } },
      faults: ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
    },
    {
      name: "of no number",
      change: { spec: { maxUnavailable: "half" } },
      faults: [
        "spec.maxUnavailable: Invalid value: \"half\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
    },
    {
      name: "for pods that cannot be",
      change: {
        spec: { selector: { matchExpressions: [{ key: "a", operator: "In", values: ["-x"] }] } },
      },
      faults: [
        "spec.selector.matchExpressions[0].values[0]: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "of a policy nobody knows",
      change: { spec: { unhealthyPodEvictionPolicy: "Never" } },
      faults: [
        'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BUDGET, change))).toEqual(faults);
  });
});

describe("a change of a PodDisruptionBudget", () => {
  const rows = [
    {
      name: "to more than all",
      from: {},
      change: { spec: { maxUnavailable: "101%" } },
      faults: ['spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(BUDGET, from);
    expect(await judge.update(before, merged(BUDGET, change))).toEqual(faults);
  });
});

describe("the status of a PodDisruptionBudget", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: {
        status: {
          disruptionsAllowed: -1,
          currentHealthy: -1,
          desiredHealthy: -1,
          expectedPods: -1,
        },
      },
      faults: [
        "status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0",
        "status.currentHealthy: Invalid value: -1: must be greater than or equal to 0",
        "status.desiredHealthy: Invalid value: -1: must be greater than or equal to 0",
        "status.expectedPods: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "of conditions that are none",
      from: {},
      change: {
        status: {
          disruptionsAllowed: 1,
          currentHealthy: 1,
          desiredHealthy: 1,
          expectedPods: 1,
          conditions: [
            {
              type: "a b",
              status: "Maybe",
              reason: "",
              message: "",
              lastTransitionTime: "2026-01-01T00:00:00Z",
              observedGeneration: -1,
            },
            {
              type: "a b",
              status: "True",
              reason: "-",
              message: "",
              lastTransitionTime: "2026-01-01T00:00:00Z",
            },
          ],
        },
      },
      faults: [
        "status.conditions[0].type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        "status.conditions[0].observedGeneration: Invalid value: -1: must be greater than or equal to zero",
        "status.conditions[0].reason: Required value",
        'status.conditions[1].type: Duplicate value: "a b"',
        "status.conditions[1].type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "status.conditions[1].reason: Invalid value: \"-\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(BUDGET, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
