// Jobs: cases of TestValidateJob in kubernetes pkg/apis/batch/validation/validation_test.go; texts as the strategies of
// kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import { JOB } from "../testing/job.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

describe("a new Job", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of negative numbers",
      change: {
        spec: {
          parallelism: -1,
          completions: -1,
          activeDeadlineSeconds: -1,
          backoffLimit: -1,
          ttlSecondsAfterFinished: -1,
          backoffLimitPerIndex: -1,
          maxFailedIndexes: -1,
        },
      },
      faults: [
        "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
        "spec.completions: Invalid value: -1: must be greater than or equal to 0",
        "spec.activeDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0",
        "spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0",
        "spec.backoffLimitPerIndex: Invalid value: -1: must be greater than or equal to 0",
        "spec.maxFailedIndexes: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "that may fail without a limit for each",
      change: { spec: { maxFailedIndexes: 1 } },
      faults: ["spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"],
    },
    {
      name: "managed by nobody",
      change: { spec: { managedBy: "" } },
      faults: ["spec.managedBy: Required value"],
    },
    {
      name: "managed without a domain",
      change: { spec: { managedBy: "controller" } },
      faults: [
        'spec.managedBy: Invalid value: "controller": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    },
    {
      name: "managed from a bad path",
      change: {
        spec: {
          managedBy:
            "UPPER.case/a ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba b",
        },
      },
      faults: [
        "spec.managedBy: Invalid value: \"UPPER.case\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.managedBy: Invalid value: \"a ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba ba b\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
        "spec.managedBy: Too long: may not be more than 63 bytes",
      ],
    },
    {
      name: "of a mode nobody knows",
      change: { spec: { completionMode: "Sorted" } },
      faults: [
        'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"',
      ],
    },
    {
      name: "indexed without an end",
      change: { spec: { completions: undefined } },
      faults: ["spec.completions: Required value: when completion mode is Indexed"],
    },
    {
      name: "with too much at once",
      change: { spec: { parallelism: 100001, backoffLimitPerIndex: 1, maxFailedIndexes: 100001 } },
      faults: [
        "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed",
        "spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to completions",
        "spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 100000",
      ],
    },
    {
      name: "with too much to do",
      change: { spec: { completions: 100001, parallelism: 10001, backoffLimitPerIndex: 1 } },
      faults: [
        "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
        "spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index",
      ],
    },
    {
      name: "without indexes, but limits for them",
      change: {
        spec: { completionMode: "NonIndexed", backoffLimitPerIndex: 1, maxFailedIndexes: 1 },
      },
      faults: [
        "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
        "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
      ],
    },
    {
      name: "whose pods go on for ever",
      change: {
        spec: {
          template: {
            metadata: { labels: { app: "web" } },
            spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Always" },
          },
        },
      },
      faults: [
        'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
      ],
    },
    {
      name: "whose last pod's name is too long",
      change: {
        metadata: { name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
      },
      faults: [
        'metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": will not able to create pod with invalid DNS label: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1',
      ],
    },
    {
      name: "without a selector",
      change: { spec: { selector: undefined } },
      faults: [
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    },
    {
      name: "that selects other pods",
      change: { spec: { selector: { matchLabels: { app: "other" } } } },
      faults: [
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    },
    {
      name: "that replaces pods too early",
      change: {
        spec: {
          podFailurePolicy: {
            rules: [{ action: "Count", onExitCodes: { operator: "In", values: [1] } }],
          },
          podReplacementPolicy: "TerminatingOrFailed",
        },
      },
      faults: [
        'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      ],
    },
    {
      name: "that replaces pods by a policy nobody knows",
      change: { spec: { podReplacementPolicy: "Never" } },
      faults: [
        'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
      ],
    },
    {
      name: "that fails by no action, for no reason",
      change: { spec: { podFailurePolicy: { rules: [{ onExitCodes: { operator: "" } }] } } },
      faults: [
        'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
        'spec.podFailurePolicy.rules[0].onExitCodes.operator: Required value: valid values: ["In" "NotIn"]',
        "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: null: at least one value is required",
      ],
    },
    {
      name: "that fails by things nobody knows",
      change: {
        spec: {
          podFailurePolicy: {
            rules: [
              {
                action: "Explode",
                onExitCodes: { containerName: "d", operator: "Is", values: [2, 1, 1] },
              },
            ],
          },
        },
      },
      faults: [
        'spec.podFailurePolicy.rules[0].action: Unsupported value: "Explode": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
        'spec.podFailurePolicy.rules[0].onExitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
        'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "d": must be one of the container or initContainer names in the pod template',
        "spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 1",
        "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1,1]: must be ordered",
      ],
    },
    {
      name: "that fails for an exit code that is none",
      change: {
        spec: {
          podFailurePolicy: {
            rules: [
              {
                action: "FailIndex",
                onExitCodes: { operator: "In", values: [0] },
                onPodConditions: [{ type: "a b", status: "Maybe" }],
              },
            ],
          },
        },
      },
      faults: [
        'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
        "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
        "spec.podFailurePolicy.rules[0].onPodConditions[0].type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.podFailurePolicy.rules[0].onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        "spec.podFailurePolicy.rules[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
      ],
    },
    {
      name: "that fails for nothing",
      change: { spec: { podFailurePolicy: { rules: [{ action: "Ignore" }] } } },
      faults: [
        "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
      ],
    },
    {
      name: "that fails by too many rules",
      change: {
        spec: {
          podFailurePolicy: {
            rules: [
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
              { action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] },
            ],
          },
        },
      },
      faults: ["spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items"],
    },
    {
      name: "that restarts what decides",
      change: {
        spec: {
          podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "A", status: "True" }] }],
          },
          template: {
            metadata: { labels: { app: "web" } },
            spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "OnFailure" },
          },
        },
      },
      faults: [
        'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
      ],
    },
    {
      name: "that succeeds by no rule",
      change: { spec: { successPolicy: { rules: [] } } },
      faults: [
        "spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy is specified",
      ],
    },
    {
      name: "that succeeds without indexes",
      change: {
        spec: { successPolicy: { rules: [{ succeededCount: 1 }] }, completionMode: "NonIndexed" },
      },
      faults: [
        'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
      ],
    },
    {
      name: "that succeeds for nothing",
      change: { spec: { successPolicy: { rules: [{}] } } },
      faults: [
        "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified",
      ],
    },
    {
      name: "that succeeds for indexes that are none",
      change: {
        spec: {
          successPolicy: {
            rules: [
              { succeededIndexes: "1,0" },
              { succeededIndexes: "0-1-2" },
              { succeededIndexes: "a" },
              { succeededIndexes: "5" },
              { succeededIndexes: "1-1" },
            ],
          },
        },
      },
      faults: [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "1,0": error parsing succeededIndexes: non-increasing order, previous: 1, current: 0',
        'spec.successPolicy.rules[1].succeededIndexes: Invalid value: "0-1-2": error parsing succeededIndexes: the fragment "0-1-2" violates the requirement that an index interval can have at most two parts separated by \'-\'',
        'spec.successPolicy.rules[2].succeededIndexes: Invalid value: "a": error parsing succeededIndexes: cannot convert string to integer for index: "a"',
        'spec.successPolicy.rules[3].succeededIndexes: Invalid value: "5": error parsing succeededIndexes: too large index: "5"',
        'spec.successPolicy.rules[4].succeededIndexes: Invalid value: "1-1": error parsing succeededIndexes: non-increasing order, previous: 1, current: 1',
      ],
    },
    {
      name: "that succeeds for more than there is",
      change: {
        spec: {
          successPolicy: {
            rules: [{ succeededIndexes: "0", succeededCount: 3 }, { succeededCount: -1 }],
          },
        },
      },
      faults: [
        "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of specified completions)",
        "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 1 (the number of indexes in the specified succeededIndexes field)",
        "spec.successPolicy.rules[1].succeededCount: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(JOB, change))).toEqual(faults);
  });
});
