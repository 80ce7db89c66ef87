// LimitRanges: cases of TestValidateLimitRange in kubernetes pkg/apis/core/validation/validation_test.go @v1.36.2; texts as that
// version gives them. What LimitRanges of containers leave out is filled in before.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "v1",
  kind: "LimitRange",
  metadata: { name: "test", namespace: "default" },
};

describe("a LimitRange", () => {
  const rows = [
    {
      name: "all-fields-valid",
      change: {
        spec: {
          limits: [
            {
              type: "Pod",
              max: { cpu: "100m", memory: "10000Mi" },
              min: { cpu: "5m", memory: "100Mi" },
              maxLimitRequestRatio: { cpu: "10", memory: "10" },
            },
            {
              type: "Container",
              max: { cpu: "100m", memory: "10000Mi" },
              min: { cpu: "5m", memory: "100Mi" },
              default: { cpu: "50m", memory: "500Mi" },
              defaultRequest: { cpu: "10m", memory: "200Mi" },
              maxLimitRequestRatio: { cpu: "10", memory: "20" },
            },
            { type: "PersistentVolumeClaim", max: { storage: "10Gi" }, min: { storage: "5Gi" } },
          ],
        },
      },
      faults: [],
    },
    {
      name: "all-fields-valid-big-numbers",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "100m", memory: "10000T" },
              min: { cpu: "5m", memory: "100Mi" },
              default: { cpu: "50m", memory: "500Mi" },
              defaultRequest: { cpu: "10m", memory: "200Mi" },
              maxLimitRequestRatio: { cpu: "10", memory: "10" },
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "thirdparty-fields-all-valid-standard-container-resources",
      change: {
        spec: {
          limits: [
            {
              type: "thirdparty.com/foo",
              max: { cpu: "100m", memory: "10000T" },
              min: { cpu: "5m", memory: "100Mi" },
              default: { cpu: "50m", memory: "500Mi" },
              defaultRequest: { cpu: "10m", memory: "200Mi" },
              maxLimitRequestRatio: { cpu: "10", memory: "10" },
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "thirdparty-fields-all-valid-storage-resources",
      change: {
        spec: {
          limits: [
            {
              type: "thirdparty.com/foo",
              max: { storage: "10000T" },
              min: { storage: "100Mi" },
              default: { storage: "500Mi" },
              defaultRequest: { storage: "200Mi" },
              maxLimitRequestRatio: { storage: "10" },
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "duplicate-limit-type",
      change: {
        spec: {
          limits: [
            { type: "Pod", max: { cpu: "100m" }, min: { cpu: "0m" } },
            { type: "Pod", min: { cpu: "500m" } },
          ],
        },
      },
      faults: ['spec.limits[1].type: Duplicate value: "Pod"'],
    },
    {
      name: "default-limit-type-pod",
      change: {
        spec: {
          limits: [
            { type: "Pod", max: { cpu: "100m" }, min: { cpu: "0m" }, default: { cpu: "10m" } },
          ],
        },
      },
      faults: ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
    },
    {
      name: "default-request-limit-type-pod",
      change: {
        spec: {
          limits: [
            {
              type: "Pod",
              max: { cpu: "100m" },
              min: { cpu: "0m" },
              defaultRequest: { cpu: "10m" },
            },
          ],
        },
      },
      faults: [
        "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
      ],
    },
    {
      name: "min value 100m is greater than max value 10m",
      change: { spec: { limits: [{ type: "Pod", max: { cpu: "10m" }, min: { cpu: "100m" } }] } },
      faults: [
        'spec.limits[0].min[cpu]: Invalid value: "100m": min value 100m is greater than max value 10m',
      ],
    },
    {
      name: "invalid spec default outside range",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "1" },
              min: { cpu: "100m" },
              default: { cpu: "2000m" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than max value 1',
        'spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
      ],
    },
    {
      name: "invalid spec default request outside range",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "1" },
              min: { cpu: "100m" },
              defaultRequest: { cpu: "2000m" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than max value 1',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
      ],
    },
    {
      name: "invalid spec default request more than default",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "2" },
              min: { cpu: "100m" },
              default: { cpu: "500m" },
              defaultRequest: { cpu: "800m" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "800m": default request value 800m is greater than default limit value 500m',
      ],
    },
    {
      name: "invalid spec maxLimitRequestRatio less than 1",
      change: { spec: { limits: [{ type: "Pod", maxLimitRequestRatio: { cpu: "800m" } }] } },
      faults: [
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "800m": ratio 800m is less than 1',
      ],
    },
    {
      name: "invalid spec maxLimitRequestRatio greater than max/min",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "800m", memory: "10000P" },
              min: { cpu: "300m", memory: "1" },
              maxLimitRequestRatio: { cpu: "10" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "10": ratio 10 is greater than max/min = 2.666667',
      ],
    },
    {
      name: "a ratio of what can be large",
      change: {
        spec: {
          limits: [
            {
              type: "Pod",
              max: { memory: "1Ei" },
              min: { memory: "512Pi" },
              maxLimitRequestRatio: { memory: "3" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
      ],
    },
    {
      name: "invalid non standard limit type",
      change: {
        spec: {
          limits: [
            { type: "foo", max: { storage: "10000T" }, min: { storage: "100Mi" } },
            { type: "" },
          ],
        },
      },
      faults: [
        'spec.limits[0].type: Invalid value: "foo": must be a standard limit type or fully qualified',
        'spec.limits[1].type: Invalid value: "": name part must be non-empty',
        `spec.limits[1].type: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    },
    {
      name: "min and max values missing, one required",
      change: { spec: { limits: [{ type: "PersistentVolumeClaim" }] } },
      faults: [
        "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
      ],
    },
    {
      name: "invalid min greater than max",
      change: {
        spec: {
          limits: [
            { type: "PersistentVolumeClaim", min: { storage: "10Gi" }, max: { storage: "1Gi" } },
          ],
        },
      },
      faults: [
        'spec.limits[0].min[storage]: Invalid value: "10Gi": min value 10Gi is greater than max value 1Gi',
      ],
    },
    {
      name: "resources that containers do not have",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { storage: "1", "requests.a.b/c": "1", "a.b/c": "1", colour: "1", "-": "1" },
            },
          ],
        },
      },
      faults: [
        `spec.limits[0].max[-]: Invalid value: "-": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'spec.limits[0].max[-]: Invalid value: "-": must be a standard resource for containers',
        'spec.limits[0].max[colour]: Invalid value: "colour": must be a standard resource type or fully qualified',
        'spec.limits[0].max[colour]: Invalid value: "colour": must be a standard resource for containers',
        `spec.limits[0].max[requests.a.b/c]: Invalid value: "requests.a.b/c": doesn't follow extended resource name standard`,
        'spec.limits[0].max[storage]: Invalid value: "storage": must be a standard resource for containers',
        `spec.limits[0].default[-]: Invalid value: "-": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'spec.limits[0].default[-]: Invalid value: "-": must be a standard resource for containers',
        'spec.limits[0].default[colour]: Invalid value: "colour": must be a standard resource type or fully qualified',
        'spec.limits[0].default[colour]: Invalid value: "colour": must be a standard resource for containers',
        `spec.limits[0].default[requests.a.b/c]: Invalid value: "requests.a.b/c": doesn't follow extended resource name standard`,
        'spec.limits[0].default[storage]: Invalid value: "storage": must be a standard resource for containers',
        `spec.limits[0].defaultRequest[-]: Invalid value: "-": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'spec.limits[0].defaultRequest[-]: Invalid value: "-": must be a standard resource for containers',
        'spec.limits[0].defaultRequest[colour]: Invalid value: "colour": must be a standard resource type or fully qualified',
        'spec.limits[0].defaultRequest[colour]: Invalid value: "colour": must be a standard resource for containers',
        `spec.limits[0].defaultRequest[requests.a.b/c]: Invalid value: "requests.a.b/c": doesn't follow extended resource name standard`,
        'spec.limits[0].defaultRequest[storage]: Invalid value: "storage": must be a standard resource for containers',
      ],
    },
    {
      name: "what cannot be promised twice",
      change: {
        spec: {
          limits: [
            {
              type: "Container",
              default: { "a.b/gpu": "2", "hugepages-2Mi": "4Mi" },
              defaultRequest: { "a.b/gpu": "1", "hugepages-2Mi": "2Mi" },
            },
          ],
        },
      },
      faults: [
        'spec.limits[0].defaultRequest[a.b/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.b/gpu',
        'spec.limits[0].defaultRequest[hugepages-2Mi]: Invalid value: "2Mi": default value 4Mi must equal to defaultRequest value 2Mi in hugepages-2Mi',
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});
