// Containers of pods, of every list. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows: readonly {
    readonly name: string;
    readonly spec: object;
    readonly faults: readonly string[];
  }[] = [
    { name: "none", spec: { containers: [] }, faults: ["spec.containers: Required value"] },
    {
      name: "names and images",
      spec: {
        containers: [
          { name: "", image: "" },
          { name: "A", image: "i" },
          { name: "a.b", image: " i" },
          { name: "c", image: "i" },
          { name: "c", image: "i" },
        ],
      },
      faults: [
        "spec.containers[0].name: Required value",
        "spec.containers[0].image: Required value",
        "spec.containers[1].name: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        'spec.containers[2].name: Invalid value: "a.b": must not contain dots',
        'spec.containers[4].name: Duplicate value: "c"',
        'spec.containers[2].image: Invalid value: " i": must not have leading or trailing whitespace',
      ],
    },
    {
      name: "names over the lists",
      spec: {
        initContainers: [
          { name: "a", image: "i" },
          { name: "b", image: "i" },
          { name: "b", image: "i" },
          { name: "", image: "i" },
          { name: "", image: "i" },
        ],
      },
      faults: [
        'spec.initContainers[0].name: Duplicate value: "a"',
        'spec.initContainers[2].name: Duplicate value: "b"',
        "spec.initContainers[3].name: Required value",
        "spec.initContainers[4].name: Required value",
      ],
    },
    {
      name: "policies",
      spec: {
        containers: [
          { name: "a", image: "i", imagePullPolicy: "Often", terminationMessagePolicy: "Log" },
          { name: "b", image: "i", imagePullPolicy: "", terminationMessagePolicy: "" },
        ],
      },
      faults: [
        'spec.containers[0].terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"',
        'spec.containers[0].imagePullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"',
      ],
    },
    {
      name: "restarts",
      spec: {
        containers: [
          {
            name: "a",
            image: "i",
            restartPolicy: "OnFailure",
            restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }],
          },
          { name: "b", image: "i", restartPolicy: "Sometimes" },
          {
            name: "c",
            image: "i",
            restartPolicyRules: [
              { action: "Stop" },
              { action: "RestartAllContainers", exitCodes: { operator: "Is", values: [1] } },
            ],
          },
        ],
      },
      faults: [
        'spec.containers[1].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
        "spec.containers[2].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
        'spec.containers[2].restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"',
        "spec.containers[2].restartPolicyRules[0].exitCodes: Required value: must be specified",
        'spec.containers[2].restartPolicyRules[1].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
      ],
    },
    {
      name: "restarts before others",
      spec: {
        initContainers: [
          { name: "b", image: "i", restartPolicy: "Always" },
          { name: "c", image: "i", restartPolicyRules: [{ action: "Stop" }] },
          {
            name: "d",
            image: "i",
            restartPolicy: "Never",
            restartPolicyRules: Array.from({ length: 21 }, () => ({
              action: "Restart",
              exitCodes: { operator: "In", values: [1] },
            })),
          },
        ],
      },
      faults: [
        "spec.initContainers[1].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
        "spec.initContainers[2].restartPolicyRules: Too many: 21: must have at most 20 items",
      ],
    },
    {
      name: "those that look at others",
      spec: {
        ephemeralContainers: [
          {
            name: "a",
            image: " i",
            targetContainerName: "no",
            ports: [{ containerPort: 1 }],
            resources: { limits: { cpu: "1" } },
            livenessProbe: { exec: { command: ["a"] } },
            lifecycle: {},
            volumeMounts: [{ name: "v", mountPath: "/x", subPath: "y", subPathExpr: "z" }],
          },
        ],
      },
      faults: [
        'spec.ephemeralContainers[0].volumeMounts[0].name: Not found: "v"',
        'spec.ephemeralContainers[0].volumeMounts[0].subPathExpr: Invalid value: "z": subPathExpr and subPath are mutually exclusive',
        'spec.ephemeralContainers[0].image: Invalid value: " i": must not have leading or trailing whitespace',
        'spec.ephemeralContainers[0].name: Duplicate value: "a"',
        'spec.ephemeralContainers[0].targetContainerName: Not found: "no"',
        "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].volumeMounts[0].subPathExpr: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers: Forbidden: cannot be set on create",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
