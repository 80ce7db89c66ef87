// HorizontalPodAutoscalers: cases of TestValidateHorizontalPodAutoscaler and TestValidateScale in kubernetes
// pkg/apis/autoscaling/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const AUTOSCALER: KubernetesObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    minReplicas: 1,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
      },
    ],
  },
};

describe("a new HorizontalPodAutoscaler", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of no pods",
      change: { spec: { minReplicas: 0, maxReplicas: 0 } },
      faults: [
        "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
        "spec.maxReplicas: Required value: must be set and greater than 0",
        "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
      ],
    },
    {
      name: "of fewer at most than at least",
      change: { spec: { minReplicas: 3, maxReplicas: 2 } },
      faults: [
        "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`",
      ],
    },
    {
      name: "of nothing",
      change: { spec: { scaleTargetRef: { apiVersion: "v1", kind: "", name: "a/b" } } },
      faults: [
        "spec.scaleTargetRef.kind: Required value",
        "spec.scaleTargetRef.name: Invalid value: \"a/b\": may not contain '/'",
        'spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group',
      ],
    },
    {
      name: "of a version that is none",
      change: { spec: { scaleTargetRef: { apiVersion: "a/b/c" } } },
      faults: [
        'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      ],
    },
    {
      name: "of what the core group has",
      change: { spec: { scaleTargetRef: { apiVersion: "v1", kind: "ReplicationController" } } },
      faults: [],
    },
    {
      name: "by a metric of no kind",
      change: { spec: { metrics: [{ type: "" }] } },
      faults: [
        "spec.metrics[0].type: Required value: must specify a metric source type",
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      ],
    },
    {
      name: "by a metric that is not there, beside another",
      change: {
        spec: {
          metrics: [
            {
              type: "Pods",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
            },
          ],
        },
      },
      faults: [
        "spec.metrics[0].pods: Required value: must populate information for the given metric source",
      ],
    },
    {
      name: "by targets that are none",
      change: {
        spec: {
          metrics: [
            {
              type: "Resource",
              resource: {
                name: "",
                target: { type: "Best", averageUtilization: 0, averageValue: "-1" },
              },
            },
          ],
        },
      },
      faults: [
        "spec.metrics[0].resource.name: Required value: must specify a resource name",
        'spec.metrics[0].resource.target.type: Invalid value: "Best": must be either Utilization, Value, or AverageValue',
        'spec.metrics[0].resource.target.averageValue: Invalid value: "-1": must be positive',
        "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
        "spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
      ],
    },
    {
      name: "by a container without a name",
      change: {
        spec: {
          metrics: [
            {
              type: "ContainerResource",
              containerResource: { name: "gpu", container: "", target: { type: "Utilization" } },
            },
          ],
        },
      },
      faults: [
        'spec.metrics[0].containerResource.name: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.metrics[0].containerResource.name: Invalid value: "gpu": must be a standard resource for containers',
        "spec.metrics[0].containerResource.container: Required value: must specify a container",
        "spec.metrics[0].containerResource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
      ],
    },
    {
      name: "by what an object has",
      change: {
        spec: {
          metrics: [
            {
              type: "Object",
              object: {
                describedObject: { kind: "A", name: "" },
                metric: { name: "" },
                target: { type: "Value" },
              },
            },
          ],
        },
      },
      faults: [
        "spec.metrics[0].object.describedObject.name: Required value",
        "spec.metrics[0].object.metric.name: Required value: must specify a metric name",
        "spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue",
      ],
    },
    {
      name: "by what is outside, both ways",
      change: {
        spec: {
          metrics: [
            {
              type: "External",
              external: {
                metric: { name: "a" },
                target: { type: "Value", value: "1", averageValue: "1" },
              },
            },
          ],
        },
      },
      faults: [
        "spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target",
      ],
    },
    {
      name: "by pods without a value",
      change: {
        spec: {
          metrics: [
            {
              type: "Pods",
              pods: { metric: { name: "a/b" }, target: { type: "AverageValue", value: "0" } },
            },
          ],
        },
      },
      faults: [
        "spec.metrics[0].pods.metric.name: Invalid value: \"a/b\": may not contain '/'",
        'spec.metrics[0].pods.target.value: Invalid value: "0": must be positive',
        "spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue",
      ],
    },
    {
      name: "that behaves badly",
      change: {
        spec: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 3601,
              selectPolicy: "Best",
              policies: [{ type: "Nodes", value: 0, periodSeconds: 1801 }],
              tolerance: "-1",
            },
            scaleDown: {
              stabilizationWindowSeconds: -1,
              policies: [{ type: "Pods", value: 1, periodSeconds: 0 }],
            },
          },
        },
      },
      faults: [
        "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
        'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Best": supported values: "Disabled", "Max", "Min"',
        'spec.behavior.scaleUp.policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"',
        "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
        "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
        'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
        "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero",
        "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 0: must be greater than zero",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(AUTOSCALER, change))).toEqual(faults);
  });
});

describe("a change of a HorizontalPodAutoscaler", () => {
  const rows = [
    {
      name: "to another version that is none",
      from: {},
      change: { spec: { scaleTargetRef: { apiVersion: "a/b/c" } } },
      faults: [
        'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(AUTOSCALER, from);
    expect(await judge.update(before, merged(AUTOSCALER, change))).toEqual(faults);
  });
});

describe("the status of a HorizontalPodAutoscaler", () => {
  const rows = [
    {
      name: "that counts wrong",
      from: {},
      change: { status: { currentReplicas: -1, desiredReplicas: -1 } },
      faults: [
        "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0",
        "status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(AUTOSCALER, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
