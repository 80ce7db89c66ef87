// StatefulSets: cases of TestValidateStatefulSet and TestValidateStatefulSetUpdate in kubernetes
// pkg/apis/apps/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const SET: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    serviceName: "web",
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i:1" }] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
};

describe("a new StatefulSet", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "whose name is no host's",
      change: { metadata: { name: "a.b" } },
      faults: ['metadata.name: Invalid value: "a.b": must not contain dots'],
    },
    {
      name: "managed by a policy nobody knows",
      change: { spec: { podManagementPolicy: "Random" } },
      faults: [
        "spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
      ],
    },
    {
      name: "of a strategy nobody knows",
      change: { spec: { updateStrategy: { type: "Recreate" } } },
      faults: [
        'spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
      ],
    },
    {
      name: "deleted by hand, step by step",
      change: { spec: { updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } } },
      faults: [
        'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
      ],
    },
    {
      name: "of a negative partition",
      change: {
        spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: -1 } } },
      },
      faults: [
        "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "that keeps claims otherwise",
      change: {
        spec: {
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Recycle", whenScaled: "Never" },
        },
      },
      faults: [
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Recycle": supported values: "Retain", "Delete"',
        'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Never": supported values: "Retain", "Delete"',
      ],
    },
    {
      name: "of claims for nothing",
      change: {
        spec: {
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: { accessModes: ["Sometimes"], resources: undefined },
            },
          ],
        },
      },
      faults: [
        'spec.volumeClaimTemplates[0].spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
      ],
    },
    {
      name: "of negative numbers",
      change: { spec: { replicas: -1, minReadySeconds: -1, ordinals: { start: -1 } } },
      faults: [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "whose service has no name",
      change: { spec: { serviceName: "a.b" } },
      faults: ['spec.serviceName: Invalid value: "a.b": must not contain dots'],
    },
    {
      name: "that selects by no operator",
      change: { spec: { selector: { matchExpressions: [{ key: "app", operator: "Is" }] } } },
      faults: [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
        'spec.selector: Invalid value: {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app","operator":"Is"}]}',
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
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported",
      ],
    },
    {
      name: "of pods with a label that is none",
      change: { spec: { template: { metadata: { labels: { "a b": "c" } } } } },
      faults: [
        "spec.template.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.template.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(SET, change))).toEqual(faults);
  });
});

describe("a change of a StatefulSet", () => {
  const rows = [
    {
      name: "of what may change",
      from: {},
      change: {
        spec: {
          replicas: 3,
          minReadySeconds: 1,
          ordinals: { start: 2 },
          updateStrategy: { type: "OnDelete" },
        },
      },
      faults: [],
    },
    {
      name: "of its service",
      from: {},
      change: { spec: { serviceName: "other" } },
      faults: [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    },
    {
      name: "of its claims",
      from: {},
      change: { spec: { volumeClaimTemplates: [] } },
      faults: [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    },
    {
      name: "of how it is managed",
      from: {},
      change: { spec: { podManagementPolicy: "Parallel" } },
      faults: [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(SET, from);
    expect(await judge.update(before, merged(SET, change))).toEqual(faults);
  });
});

describe("the status of a StatefulSet", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: {
        status: {
          replicas: 1,
          readyReplicas: 2,
          currentReplicas: 2,
          updatedReplicas: 2,
          availableReplicas: 3,
          collisionCount: -1,
        },
      },
      faults: [
        "status.collisionCount: Invalid value: -1: must be greater than or equal to 0",
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.readyReplicas",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(SET, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
