// DaemonSets: cases of TestValidateDaemonSet and TestValidateDaemonSetUpdate in kubernetes
// pkg/apis/apps/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const DAEMONS: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i:1" }] },
    },
  },
};

describe("a new DaemonSet", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "that selects everything",
      change: { spec: { selector: { matchLabels: undefined } } },
      faults: ["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"],
    },
    {
      name: "that selects by a bad label",
      change: {
        spec: { selector: { matchExpressions: [{ key: "app", operator: "In", values: ["-x"] }] } },
      },
      faults: [
        "spec.selector.matchExpressions[0].values[0]: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "of pods that end",
      change: {
        spec: {
          template: {
            metadata: { labels: { app: "web" } },
            spec: {
              containers: [{ name: "c", image: "i:1" }],
              restartPolicy: "Never",
              activeDeadlineSeconds: 5,
            },
          },
        },
      },
      faults: [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
      ],
    },
    {
      name: "of negative numbers",
      change: { spec: { minReadySeconds: -1, revisionHistoryLimit: -1 } },
      faults: [
        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "of a strategy nobody knows",
      change: { spec: { updateStrategy: { type: "BlueGreen" } } },
      faults: [
        'spec.updateStrategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
      ],
    },
    {
      name: "that takes no step",
      change: {
        spec: {
          updateStrategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: 0 },
          },
        },
      },
      faults: [
        "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
      ],
    },
    {
      name: "that takes two steps at once",
      change: {
        spec: {
          updateStrategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 1, maxSurge: "10%" },
          },
        },
      },
      faults: [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero',
      ],
    },
    {
      name: "that takes more than there is",
      change: {
        spec: {
          updateStrategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: "150%", maxSurge: 0 },
          },
        },
      },
      faults: [
        'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
      ],
    },
    {
      name: "that takes steps of no size",
      change: {
        spec: {
          updateStrategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: "a", maxSurge: "b" },
          },
        },
      },
      faults: [
        "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"a\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: \"b\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(DAEMONS, change))).toEqual(faults);
  });
});

describe("a change of a DaemonSet", () => {
  const rows = [
    {
      name: "to other pods",
      from: {},
      change: {
        spec: {
          selector: { matchLabels: { app: "other" } },
          template: { metadata: { labels: { app: "other" } } },
        },
      },
      faults: ['spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable'],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(DAEMONS, from);
    expect(await judge.update(before, merged(DAEMONS, change))).toEqual(faults);
  });
});

describe("the status of a DaemonSet", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: {
        status: {
          currentNumberScheduled: -1,
          numberMisscheduled: 0,
          desiredNumberScheduled: -1,
          numberReady: 0,
          numberUnavailable: -1,
          collisionCount: -1,
        },
      },
      faults: [
        "status.currentNumberScheduled: Invalid value: -1: must be greater than or equal to 0",
        "status.desiredNumberScheduled: Invalid value: -1: must be greater than or equal to 0",
        "status.numberUnavailable: Invalid value: -1: must be greater than or equal to 0",
        "status.collisionCount: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(DAEMONS, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
