// Deployments and ReplicaSets: cases of TestValidateDeployment and TestValidateReplicaSet in kubernetes
// pkg/apis/apps/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const DEPLOYMENT: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i:1" }] },
    },
  },
};

describe("a new Deployment", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "without a selector",
      change: { spec: { selector: undefined } },
      faults: [
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    },
    {
      name: "that selects everything",
      change: { spec: { selector: { matchLabels: undefined } } },
      faults: ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    },
    {
      name: "that selects by no operator",
      change: {
        spec: { selector: { matchExpressions: [{ key: "app", operator: "Is", values: ["a b"] }] } },
      },
      faults: [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
        "spec.selector.matchExpressions[0].values[0]: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        'spec.selector: Invalid value: {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app","operator":"Is","values":["a b"]}]}: invalid label selector',
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
      name: "of pods that end",
      change: {
        spec: {
          template: {
            metadata: { labels: { app: "web" } },
            spec: {
              containers: [{ name: "c", image: "i:1" }],
              restartPolicy: "OnFailure",
              activeDeadlineSeconds: 5,
            },
          },
        },
      },
      faults: [
        'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
      ],
    },
    {
      name: "of negative numbers",
      change: {
        spec: {
          replicas: -1,
          minReadySeconds: -1,
          revisionHistoryLimit: -1,
          progressDeadlineSeconds: -1,
        },
      },
      faults: [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
        "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds",
      ],
    },
    {
      name: "ready only after its deadline",
      change: { spec: { minReadySeconds: 5, progressDeadlineSeconds: 5 } },
      faults: [
        "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
      ],
    },
    {
      name: "of a strategy nobody knows",
      change: { spec: { strategy: { type: "BlueGreen" } } },
      faults: [
        'spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
      ],
    },
    {
      name: "recreated step by step",
      change: {
        spec: { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
      },
      faults: [
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
    },
    {
      name: "that can take no step",
      change: {
        spec: {
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0%", maxSurge: 0 } },
        },
      },
      faults: [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
      ],
    },
    {
      name: "that takes steps of no size",
      change: {
        spec: {
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: "all", maxSurge: "1.5%" },
          },
        },
      },
      faults: [
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"all\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"1.5%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "all": may not be 0 when `maxSurge` is 0',
      ],
    },
    {
      name: "that takes more than there is",
      change: {
        spec: {
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: "150%", maxSurge: "150%" },
          },
        },
      },
      faults: [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
      ],
    },
    {
      name: "that takes a negative step",
      change: {
        spec: {
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: -1, maxSurge: -1 } },
        },
      },
      faults: [
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
        "spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(DEPLOYMENT, change))).toEqual(faults);
  });
});

describe("a change of a Deployment", () => {
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
    const before = merged(DEPLOYMENT, from);
    expect(await judge.update(before, merged(DEPLOYMENT, change))).toEqual(faults);
  });
});

describe("the status of a Deployment", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: {
        status: {
          replicas: 1,
          updatedReplicas: 2,
          readyReplicas: 2,
          availableReplicas: 3,
          unavailableReplicas: -1,
        },
      },
      faults: [
        "status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0",
        "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(DEPLOYMENT, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});

const REPLICAS: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i:1" }] },
    },
  },
};

describe("a new ReplicaSet", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "without a selector, of negative numbers",
      change: { spec: { selector: undefined, replicas: -1, minReadySeconds: -1 } },
      faults: [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    },
    {
      name: "that selects by a bad label",
      change: { spec: { selector: { matchLabels: { app: "-x" } } } },
      faults: [
        "spec.selector.matchLabels: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        'spec.selector: Invalid value: {"matchLabels":{"app":"-x"}}: invalid label selector',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(REPLICAS, change))).toEqual(faults);
  });
});

describe("the status of a ReplicaSet", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: {
        status: {
          replicas: 1,
          fullyLabeledReplicas: 2,
          readyReplicas: 1,
          availableReplicas: 2,
          terminatingReplicas: -1,
        },
      },
      faults: [
        "status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0",
        "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(REPLICAS, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
