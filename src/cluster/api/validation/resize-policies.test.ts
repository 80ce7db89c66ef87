// How containers are resized: cases of TestValidateResizePolicy in kubernetes pkg/apis/core/validation/validation_test.go @v1.36.2.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const POD: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "test", namespace: "default" },
  spec: { containers: [{ name: "a", image: "i" }] },
};

describe("a Pod", () => {
  const rows = [
    {
      name: "ValidCPUandMemoryPolicies",
      change: {
        spec: {
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [
                { resourceName: "cpu", restartPolicy: "NotRequired" },
                { resourceName: "memory", restartPolicy: "RestartContainer" },
              ],
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "ValidCPUandInvalidMemoryPolicy",
      change: {
        spec: {
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [
                { resourceName: "cpu", restartPolicy: "NotRequired" },
                { resourceName: "memory", restartPolicy: "Restarrrt" },
              ],
            },
          ],
        },
      },
      faults: [
        'spec.containers[0].resizePolicy: Unsupported value: "Restarrrt": supported values: "NotRequired", "RestartContainer"',
      ],
    },
    {
      name: "InvalidResourceNameValidPolicy",
      change: {
        spec: {
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [{ resourceName: "cpuuu", restartPolicy: "NotRequired" }],
            },
          ],
        },
      },
      faults: [
        'spec.containers[0].resizePolicy: Unsupported value: "cpuuu": supported values: "cpu", "memory"',
      ],
    },
    {
      name: "ValidResourceNameMissingPolicy",
      change: {
        spec: {
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [{ resourceName: "memory", restartPolicy: "" }],
            },
          ],
        },
      },
      faults: ["spec.containers[0].resizePolicy: Required value"],
    },
    {
      name: "RepeatedPolicies",
      change: {
        spec: {
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [
                { resourceName: "cpu", restartPolicy: "NotRequired" },
                { resourceName: "memory", restartPolicy: "RestartContainer" },
                { resourceName: "cpu", restartPolicy: "RestartContainer" },
              ],
            },
          ],
        },
      },
      faults: ['spec.containers[0].resizePolicy[2]: Duplicate value: "cpu"'],
    },
    {
      name: "InvalidMemoryCPUPolicyWithPodRestartPolicy",
      change: {
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "a",
              image: "i",
              resizePolicy: [
                { resourceName: "cpu", restartPolicy: "RestartContainer" },
                { resourceName: "memory", restartPolicy: "RestartContainer" },
              ],
            },
          ],
        },
      },
      faults: [
        `spec.containers[0].resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`,
        `spec.containers[0].resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`,
      ],
    },
    {
      name: "init containers",
      change: {
        spec: {
          initContainers: [
            {
              name: "b",
              image: "i",
              resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
            },
            {
              name: "c",
              image: "i",
              restartPolicy: "Always",
              resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
            },
          ],
        },
      },
      faults: [
        `spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": must not be set to 'RestartContainer' for non-sidecar initContainers`,
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(POD, change))).toEqual(faults);
  });
});
