// Topology spread constraints of pods. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows = [
    {
      name: "constraints",
      spread: [
        {
          maxSkew: 1,
          topologyKey: "zone",
          whenUnsatisfiable: "DoNotSchedule",
          minDomains: 2,
          nodeAffinityPolicy: "Honor",
          nodeTaintsPolicy: "Ignore",
          labelSelector: { matchLabels: { a: "b" } },
          matchLabelKeys: ["c"],
        },
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" },
      ],
      faults: [],
    },
    {
      name: "nothing set",
      spread: [{ maxSkew: 0, topologyKey: "", whenUnsatisfiable: "" }],
      faults: [
        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    },
    {
      name: "the same kind twice",
      spread: [
        { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule" },
        { maxSkew: 2, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule" },
      ],
      faults: [
        'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}"',
      ],
    },
    {
      name: "domains",
      spread: [
        { maxSkew: 1, topologyKey: "a", whenUnsatisfiable: "ScheduleAnyway", minDomains: 0 },
        { maxSkew: 1, topologyKey: "b", whenUnsatisfiable: "DoNotSchedule", minDomains: -1 },
      ],
      faults: [
        "spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero",
        "spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
        "spec.topologySpreadConstraints[1].minDomains: Invalid value: -1: must be greater than zero",
      ],
    },
    {
      name: "policies",
      spread: [
        {
          maxSkew: 1,
          topologyKey: "a",
          whenUnsatisfiable: "Never",
          nodeAffinityPolicy: "honor",
          nodeTaintsPolicy: "no",
        },
      ],
      faults: [
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
        'spec.topologySpreadConstraints[0].nodeAffinityPolicy: Unsupported value: "honor": supported values: "Honor", "Ignore"',
        'spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "no": supported values: "Honor", "Ignore"',
      ],
    },
    {
      name: "keys without a selector",
      spread: [
        { maxSkew: 1, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule", matchLabelKeys: ["a"] },
      ],
      faults: [
        "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      ],
    },
    {
      name: "selectors",
      spread: [
        {
          maxSkew: 1,
          topologyKey: "a",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchExpressions: [{ key: "-", operator: "In" }] },
          matchLabelKeys: ["-"],
        },
      ],
      faults: [
        "spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.topologySpreadConstraints[0].labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        "spec.topologySpreadConstraints[0].labelSelector.matchExpressions[0].key: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spread, faults }) => {
    expect(await judge.create(podWith({ topologySpreadConstraints: spread }))).toEqual(faults);
  });
});
