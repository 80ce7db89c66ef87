// What may change of a pod. Texts are those of the pod strategy of kubernetes v1.36.2, but for what that shows of a change.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const FIXED =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

interface Row {
  readonly name: string;
  readonly before: object;
  readonly after: object;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

describe("a pod that changes", () => {
  const rows: readonly Row[] = [
    {
      name: "an image",
      before: {},
      after: { containers: [{ name: "a", image: "new" }] },
      faults: [],
    },
    {
      name: "an image that is none",
      before: {},
      after: { containers: [{ name: "a", image: " i", imagePullPolicy: "Always" }] },
      faults: [
        'spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace',
        'spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace',
      ],
    },
    {
      name: "a command",
      before: {},
      after: { containers: [{ name: "a", image: "i", command: ["x"] }] },
      faults: [FIXED],
    },
    {
      name: "one more container",
      before: {},
      after: {
        containers: [
          { name: "a", image: "i" },
          { name: "b", image: "i" },
        ],
      },
      faults: ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    },
    {
      name: "one init container less",
      before: { initContainers: [{ name: "b", image: "i" }] },
      after: { initContainers: [] },
      faults: ["spec.initContainers: Forbidden: pod updates may not add or remove containers"],
    },
    { name: "a first deadline", before: {}, after: { activeDeadlineSeconds: 10 }, faults: [] },
    {
      name: "a deadline that comes sooner",
      before: { activeDeadlineSeconds: 10 },
      after: { activeDeadlineSeconds: 5 },
      faults: [],
    },
    {
      name: "a deadline that comes later",
      before: { activeDeadlineSeconds: 10 },
      after: { activeDeadlineSeconds: 11 },
      faults: [
        "spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value",
      ],
    },
    {
      name: "a deadline below zero",
      before: { activeDeadlineSeconds: 10 },
      after: { activeDeadlineSeconds: -1 },
      faults: [
        "spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive",
        "spec.activeDeadlineSeconds: Invalid value: -1: must be between 0 and 2147483647, inclusive",
      ],
    },
    {
      name: "an image of a pod with a deadline",
      before: { activeDeadlineSeconds: 10 },
      after: { activeDeadlineSeconds: 10, containers: [{ name: "a", image: "new" }] },
      faults: [],
    },
    {
      name: "a deadline that goes",
      before: { activeDeadlineSeconds: 10 },
      after: {},
      faults: [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
      ],
    },
    {
      name: "one more toleration",
      before: {
        tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
      },
      after: {
        tolerations: [
          { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 },
          { key: "b", operator: "Exists" },
        ],
      },
      faults: [],
    },
    {
      name: "a toleration that lasts longer",
      before: {
        tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
      },
      after: {
        tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 9 }],
      },
      faults: [],
    },
    {
      name: "a toleration that goes",
      before: {
        tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
      },
      after: {},
      faults: [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
      ],
    },
    {
      name: "a toleration that is none",
      before: {},
      after: { tolerations: [{ key: "-", operator: "Exists" }] },
      faults: [
        "spec.tolerations[0].key: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.tolerations[0].key: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    },
    { name: "node labels", before: {}, after: { nodeSelector: { a: "b" } }, faults: [FIXED] },
    {
      name: "node labels of a gated pod",
      before: { schedulingGates: [{ name: "g" }] },
      after: { schedulingGates: [{ name: "g" }], nodeSelector: { a: "b" } },
      faults: [],
    },
    {
      name: "other node labels of a gated pod",
      before: { schedulingGates: [{ name: "g" }], nodeSelector: { a: "b" } },
      after: { schedulingGates: [{ name: "g" }], nodeSelector: { a: "c" } },
      faults: [
        'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ],
    },
    {
      name: "one more requirement of a gated pod",
      before: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      },
      after: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "a", operator: "Exists" },
                    { key: "b", operator: "Exists" },
                  ],
                },
              ],
            },
          },
        },
      },
      faults: [],
    },
    {
      name: "a requirement before those of a gated pod",
      before: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      },
      after: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "b", operator: "Exists" },
                    { key: "a", operator: "Exists" },
                  ],
                },
              ],
            },
          },
        },
      },
      faults: [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: {"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null},{"Key":"a","Operator":"Exists","Values":null}],"MatchFields":null}: only additions are allowed (no mutations or deletions)',
      ],
    },
    {
      name: "one more term of a gated pod",
      before: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      },
      after: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "a", operator: "Exists" }] },
                { matchExpressions: [{ key: "b", operator: "Exists" }] },
              ],
            },
          },
        },
      },
      faults: [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Invalid value: [{"MatchExpressions":[{"Key":"a","Operator":"Exists","Values":null}],"MatchFields":null},{"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}]: no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ],
    },
    {
      name: "no affinity of a gated pod any more",
      before: {
        schedulingGates: [{ name: "g" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      },
      after: { schedulingGates: [{ name: "g" }] },
      faults: [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Invalid value: null: no additions/deletions to non-empty NodeSelectorTerms list are allowed",
      ],
    },
    {
      name: "a gate",
      before: { schedulingGates: [{ name: "g" }] },
      after: { schedulingGates: [{ name: "g" }, { name: "h" }] },
      faults: [
        "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'",
      ],
    },
    {
      name: "no gate any more",
      before: { schedulingGates: [{ name: "g" }] },
      after: {},
      faults: [],
    },
    {
      name: "the grace period",
      before: {},
      after: { terminationGracePeriodSeconds: 1 },
      faults: [FIXED],
    },
    { name: "annotations", before: {}, after: {}, annotations: { x: "y" }, faults: [] },
    {
      name: "an AppArmor profile",
      before: {},
      after: {},
      annotations: { "container.apparmor.security.beta.kubernetes.io/a": "unconfined" },
      faults: [
        "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: Forbidden: may not add AppArmor annotations",
      ],
    },
    {
      name: "what it is a mirror of",
      before: { nodeName: "n" },
      after: { nodeName: "n" },
      annotations: { "kubernetes.io/config.mirror": "x" },
      faults: [
        "metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation",
      ],
    },
  ];
  it.each(rows)("$name", async ({ before, after, annotations, faults }) => {
    const judge = createJudge();
    expect(await judge.update(podWith(before), podWith(after, annotations))).toEqual(faults);
  });
});
