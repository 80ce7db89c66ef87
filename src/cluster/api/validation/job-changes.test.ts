// What changes of Jobs: cases of TestValidateJobUpdate and TestValidateJobUpdateStatus in kubernetes
// pkg/apis/batch/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import { JOB } from "../testing/job.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

describe("a change of a Job", () => {
  const rows = [
    {
      name: "to a selector by no operator",
      from: {},
      change: { spec: { selector: { matchExpressions: [{ key: "app", operator: "Is" }] } } },
      faults: [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
        'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
        'spec.selector: Invalid value: {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app","operator":"Is"}]}: field is immutable',
      ],
    },
    {
      name: "of both numbers at once",
      from: {},
      change: { spec: { completions: 3, parallelism: 3 } },
      faults: [],
    },
    {
      name: "of one number",
      from: {},
      change: { spec: { completions: 3 } },
      faults: [
        "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism",
      ],
    },
    {
      name: "without indexes, of the number",
      from: { spec: { completionMode: "NonIndexed" } },
      change: { spec: { completionMode: "NonIndexed", completions: 3 } },
      faults: ["spec.completions: Invalid value: 3: field is immutable"],
    },
    {
      name: "of how it ends",
      from: {},
      change: {
        spec: { completionMode: "NonIndexed", managedBy: "a.b/c", backoffLimitPerIndex: undefined },
      },
      faults: [
        'spec.completionMode: Invalid value: "NonIndexed": field is immutable',
        'spec.managedBy: Invalid value: "a.b/c": field is immutable',
      ],
    },
    {
      name: "of when it fails",
      from: {},
      change: {
        spec: {
          podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] }],
          },
          podReplacementPolicy: "Failed",
          backoffLimitPerIndex: 1,
        },
      },
      faults: [
        'spec.podFailurePolicy: Invalid value: {"Rules":[{"Action":"Ignore","OnExitCodes":null,"OnPodConditions":[{"Type":"A","Status":"True"}]}]}: field is immutable',
        "spec.backoffLimitPerIndex: Invalid value: 1: field is immutable",
      ],
    },
    {
      name: "of when it succeeds",
      from: { spec: { successPolicy: { rules: [{ succeededCount: 1 }] } } },
      change: { spec: { successPolicy: { rules: [{ succeededIndexes: "0" }] } } },
      faults: [
        'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":"0","SucceededCount":null}]}: field is immutable',
      ],
    },
    {
      name: "suspended, of where its pods run",
      from: { spec: { suspend: true } },
      change: {
        spec: {
          suspend: true,
          template: {
            metadata: { annotations: { a: "b" } },
            spec: {
              nodeSelector: { a: "b" },
              tolerations: [{ key: "a", operator: "Exists" }],
              containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "1" } } }],
            },
          },
        },
      },
      faults: [],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(JOB, from);
    expect(await judge.update(before, merged(JOB, change))).toEqual(faults);
  });
});

describe("the status of a Job", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: { status: { active: -1, ready: 1, failed: -1, terminating: -1 } },
      faults: [
        "status.active: Invalid value: -1: must be greater than or equal to 0",
        "status.failed: Invalid value: -1: must be greater than or equal to 0",
        "status.terminating: Invalid value: -1: must be greater than or equal to 0",
        "status.ready: Invalid value: 1: cannot set more ready pods than active",
        "status.failed: Invalid value: -1: cannot decrease the failed counter",
      ],
    },
    {
      name: "that ends twice",
      from: {},
      change: {
        status: {
          conditions: [
            { type: "Complete", status: "True", lastProbeTime: null, lastTransitionTime: null },
            { type: "Failed", status: "True", lastProbeTime: null, lastTransitionTime: null },
            {
              type: "SuccessCriteriaMet",
              status: "True",
              lastProbeTime: null,
              lastTransitionTime: null,
            },
            {
              type: "FailureTarget",
              status: "True",
              lastProbeTime: null,
              lastTransitionTime: null,
            },
          ],
        },
      },
      faults: [
        "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
        "status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions",
        "status.completionTime: Required value: completionTime is required for Complete jobs",
        "status.startTime: Required value: startTime is required for finished job",
        "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
        "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
      ],
    },
    {
      name: "that ends while it runs",
      from: {},
      change: {
        status: {
          active: 1,
          terminating: 1,
          startTime: "2026-01-01T00:00:02Z",
          completionTime: "2026-01-01T00:00:01Z",
          conditions: [
            {
              type: "SuccessCriteriaMet",
              status: "True",
              lastProbeTime: null,
              lastTransitionTime: null,
            },
            { type: "Complete", status: "True", lastProbeTime: null, lastTransitionTime: null },
          ],
          uncountedTerminatedPods: { succeeded: ["a", "a"], failed: [""] },
        },
      },
      faults: [
        'status.uncountedTerminatedPods.succeeded[1]: Duplicate value: "a"',
        'status.uncountedTerminatedPods.failed[0]: Invalid value: "": must not be empty',
        'status.completionTime: Invalid value: "2026-01-01T00:00:01Z": must be equal to or after `startTime`',
        "status.active: Invalid value: 1: active>0 is invalid for finished job",
        'status.uncountedTerminatedPods: Invalid value: {"Succeeded":["a","a"],"Failed":[""]}: must be empty for finished job',
        "status.terminating: Invalid value: 1: terminating>0 is invalid for finished job",
      ],
    },
    {
      name: "that ends for no reason",
      from: {},
      change: {
        status: {
          startTime: "2026-01-01T00:00:02Z",
          conditions: [
            { type: "Failed", status: "True", lastProbeTime: null, lastTransitionTime: null },
          ],
        },
      },
      faults: [
        "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
      ],
    },
    {
      name: "of indexes that are none",
      from: {},
      change: { status: { completedIndexes: "1,0", failedIndexes: "1" } },
      faults: [
        'status.completedIndexes: Invalid value: "1,0": error parsing completedIndexes: non-increasing order, previous: 1, current: 0',
        'status.failedIndexes: Invalid value: "1": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
        'status.failedIndexes: Invalid value: "1": failedIndexes and completedIndexes overlap at index: 1',
      ],
    },
    {
      name: "of indexes that failed and did not",
      from: { spec: { backoffLimitPerIndex: 1 } },
      change: {
        spec: { backoffLimitPerIndex: 1 },
        status: { completedIndexes: "0-1", failedIndexes: "1" },
      },
      faults: [
        'status.failedIndexes: Invalid value: "1": failedIndexes and completedIndexes overlap at index: 1',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(JOB, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
