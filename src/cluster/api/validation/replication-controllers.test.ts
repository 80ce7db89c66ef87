// ReplicationControllers: cases of TestValidateReplicationController and TestValidateReplicationControllerStatus in kubernetes
// pkg/apis/core/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name: "test", namespace: "default" },
  spec: {
    replicas: 0,
    selector: { a: "b" },
    template: {
      metadata: { labels: { a: "b" } },
      spec: { containers: [{ name: "abc", image: "image" }] },
    },
  },
};

describe("a ReplicationController", () => {
  const rows = [
    { name: "of the usual form", change: {}, faults: [] },
    {
      name: "empty selector has the labels of the template",
      change: { spec: { selector: {} } },
      faults: [],
    },
    {
      name: "empty selector and no labels",
      change: { spec: { selector: {}, template: { metadata: { labels: undefined } } } },
      faults: [
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
      ],
    },
    {
      name: "selector doesnt match",
      change: { spec: { selector: { foo: "bar" } } },
      faults: [
        'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
      ],
    },
    {
      name: "selector doesnt match anything",
      change: { spec: { selector: { foo: "bar" }, template: { metadata: { labels: undefined } } } },
      faults: [
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
      ],
    },
    {
      name: "invalid manifest",
      change: { spec: { template: undefined } },
      faults: ["spec.template: Required value"],
    },
    {
      name: "negative replicas",
      change: { spec: { replicas: -1 } },
      faults: ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    },
    {
      name: "negative minReadySeconds",
      change: { spec: { minReadySeconds: -1 } },
      faults: ["spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"],
    },
    {
      name: "invalid label 2",
      change: {
        spec: {
          template: { metadata: { labels: { "NoUppercaseOrSpecialCharsLike=Equals": "bar" } } },
        },
      },
      faults: [
        `metadata.labels: Invalid value: "NoUppercaseOrSpecialCharsLike=Equals": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        `spec.template.labels: Invalid value: "NoUppercaseOrSpecialCharsLike=Equals": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    },
    {
      name: "invalid restart policy 1",
      change: { spec: { template: { spec: { restartPolicy: "OnFailure" } } } },
      faults: [
        'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      ],
    },
    {
      name: "invalid restart policy 2",
      change: {
        spec: { template: { spec: { restartPolicy: "Never", activeDeadlineSeconds: 1 } } },
      },
      faults: [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("a ReplicationController that is changed", () => {
  const rows = [
    {
      name: "negative replicas",
      before: {},
      after: { spec: { replicas: -1 } },
      faults: ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    },
    {
      name: "another selector",
      before: {},
      after: { spec: { selector: { foo: "bar" } } },
      faults: [
        'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
      ],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});

describe("the status of a ReplicationController", () => {
  const rows = [
    {
      name: "valid status",
      before: {},
      after: {
        status: {
          replicas: 3,
          fullyLabeledReplicas: 3,
          readyReplicas: 2,
          availableReplicas: 1,
          observedGeneration: 2,
        },
      },
      faults: [],
    },
    {
      name: "invalid replicas",
      before: {},
      after: {
        status: {
          replicas: -1,
          fullyLabeledReplicas: 3,
          readyReplicas: 1,
          availableReplicas: 2,
          observedGeneration: -1,
        },
      },
      faults: [
        "status.replicas: Invalid value: -1: must be greater than or equal to 0",
        "status.observedGeneration: Invalid value: -1: must be greater than or equal to 0",
        "status.fullyLabeledReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.readyReplicas: Invalid value: 1: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas",
      ],
    },
    {
      name: "availableReplicas greater than readyReplicas",
      before: {},
      after: { status: { replicas: 3, readyReplicas: 1, availableReplicas: 2 } },
      faults: ["status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas"],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.status(merged(BASE, before), after)).toEqual(faults);
  });
});
