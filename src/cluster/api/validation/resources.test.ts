// Requests and limits of containers and pods, and claims for devices. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith, podWithContainer } from "../testing/pods.ts";

const judge = createJudge();

describe("a container", () => {
  const rows: readonly {
    readonly name: string;
    readonly container: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "resources",
      container: {
        resources: {
          limits: {
            cpu: "1",
            memory: "1Gi",
            "example.com/gpu": "2",
            "hugepages-2Mi": "4Mi",
            "ephemeral-storage": "1Gi",
          },
          requests: { cpu: "100m" },
        },
      },
      faults: [],
    },
    {
      name: "names",
      container: { resources: { limits: { foo: "1" } } },
      faults: [
        'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource for containers',
        'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers',
      ],
    },
    {
      name: "names of quotas",
      container: { resources: { limits: { pods: "1" } } },
      faults: [
        'spec.containers[0].resources.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
        'spec.containers[0].resources.requests[pods]: Invalid value: "pods": must be a standard resource for containers',
      ],
    },
    {
      name: "names of vendors",
      container: { resources: { limits: { "requests.example.com/x": "1" } } },
      faults: [
        'spec.containers[0].resources.limits[requests.example.com/x]: Invalid value: "requests.example.com/x": doesn\'t follow extended resource name standard',
        'spec.containers[0].resources.requests[requests.example.com/x]: Invalid value: "requests.example.com/x": doesn\'t follow extended resource name standard',
      ],
    },
    {
      name: "amounts",
      container: { resources: { limits: { cpu: "-1" } } },
      faults: [
        'spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    },
    {
      name: "parts of devices",
      container: { resources: { limits: { "example.com/gpu": "1500m" } } },
      faults: [
        'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer',
        'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "1500m": must be an integer',
      ],
    },
    {
      name: "more than the limit",
      container: { resources: { limits: { cpu: "1000m" }, requests: { cpu: "2" } } },
      faults: [
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
    },
    {
      name: "other than the limit",
      container: {
        resources: { limits: { "example.com/gpu": "2" }, requests: { "example.com/gpu": "1" } },
      },
      faults: [
        'spec.containers[0].resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2',
      ],
    },
    {
      name: "no limit",
      container: { resources: { requests: { "example.com/gpu": "1" } } },
      faults: [
        "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
      ],
    },
    {
      name: "pages alone",
      container: { resources: { limits: { "hugepages-2Mi": "4Mi" } } },
      faults: ["spec.containers[0].resources: Forbidden: HugePages require cpu or memory"],
    },
    {
      name: "parts of pages",
      container: {
        resources: {
          limits: { cpu: "1", "hugepages-2Mi": "3Mi" },
          requests: { cpu: "1", "hugepages-2Mi": "3Mi" },
        },
      },
      faults: [
        'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      ],
    },
    {
      name: "claims of no pod",
      container: { resources: { claims: [{ name: "a" }, { name: "" }] } },
      faults: [
        'spec.containers[0].resources.claims[0]: Not found: "a": must be one of the names in pod.spec.resourceClaims which is empty',
        "spec.containers[0].resources.claims[1]: Required value",
      ],
    },
  ];
  it.each(rows)("$name", async ({ container, faults }) => {
    expect(await judge.create(podWithContainer(container))).toEqual(faults);
  });
});

describe("a pod", () => {
  const rows: readonly {
    readonly name: string;
    readonly spec: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "claims",
      spec: {
        resourceClaims: [
          { name: "a", resourceClaimName: "x" },
          { name: "b", resourceClaimTemplateName: "y" },
        ],
        containers: [
          {
            name: "a",
            image: "i",
            resources: {
              claims: [{ name: "a", request: "r" }, { name: "a", request: "s" }, { name: "b" }],
            },
          },
        ],
      },
      faults: [],
    },
    {
      name: "claims that are wrong",
      spec: {
        resourceClaims: [
          { name: "" },
          { name: "a", resourceClaimName: "A", resourceClaimTemplateName: "B" },
          { name: "a", resourceClaimName: "x" },
          { name: "B", resourceClaimName: "x" },
        ],
      },
      faults: [
        "spec.resourceClaims[0].name: Required value",
        'spec.resourceClaims[0]: Invalid value: {"Name":"","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
        'spec.resourceClaims[1]: Invalid value: {"Name":"a","ResourceClaimName":"A","ResourceClaimTemplateName":"B"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
        "spec.resourceClaims[1].resourceClaimName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.resourceClaims[1].resourceClaimTemplateName: Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.resourceClaims[2].name: Duplicate value: "a"',
        "spec.resourceClaims[3].name: Invalid value: \"B\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    },
    {
      name: "claims used twice",
      spec: {
        resourceClaims: [{ name: "a", resourceClaimName: "x" }],
        containers: [
          {
            name: "a",
            image: "i",
            resources: {
              claims: [
                { name: "a", request: "R" },
                { name: "a", request: "R" },
                { name: "a" },
                { name: "a" },
                { name: "z" },
              ],
            },
          },
        ],
      },
      faults: [
        "spec.containers[0].resources.claims[0].request: Invalid value: \"R\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.containers[0].resources.claims[1].request: Invalid value: \"R\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        'spec.containers[0].resources.claims[1]: Duplicate value: "a/R"',
        'spec.containers[0].resources.claims[2]: Duplicate value: "a"',
        'spec.containers[0].resources.claims[3]: Duplicate value: "a"',
        'spec.containers[0].resources.claims[4]: Not found: "z": must be one of the names in pod.spec.resourceClaims: a',
      ],
    },
    {
      name: "the pod as a whole",
      spec: {
        resources: { limits: { cpu: "2" }, requests: { cpu: "1" } },
        containers: [{ name: "a", image: "i", resources: { requests: { cpu: "500m" } } }],
      },
      faults: [],
    },
    {
      name: "less than its containers",
      spec: {
        resources: { requests: { cpu: "700m" } },
        containers: [
          { name: "a", image: "i", resources: { requests: { cpu: "500m" } } },
          { name: "b", image: "i", resources: { requests: { cpu: "100m" } } },
        ],
        initContainers: [
          {
            name: "c",
            image: "i",
            restartPolicy: "Always",
            resources: { requests: { cpu: "200m" } },
          },
          { name: "d", image: "i", resources: { requests: { cpu: "700m" } } },
        ],
      },
      faults: [
        'spec.resources.requests[cpu]: Invalid value: "700m": must be greater than or equal to aggregate container requests of 900m',
      ],
    },
    {
      name: "pages less than its containers",
      spec: {
        resources: { limits: { cpu: "1", "hugepages-2Mi": "2Mi" } },
        containers: [
          { name: "a", image: "i", resources: { limits: { cpu: "1", "hugepages-2Mi": "4Mi" } } },
        ],
      },
      faults: [
        'spec.resources.requests[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container requests of 4Mi',
        'spec.resources.limits[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container limits of 4Mi',
        'spec.resources.containers[0][hugepages-2Mi].limits: Invalid value: "4Mi": must be less than or equal to pod limits of 2Mi',
      ],
    },
    {
      name: "names of a whole",
      spec: { resources: { requests: { "ephemeral-storage": "1" } } },
      faults: [
        'spec.resources.requests[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
      ],
    },
    {
      name: "less than one container's limit",
      spec: {
        resources: { limits: { cpu: "1" } },
        containers: [
          { name: "a", image: "i", resources: { limits: { cpu: "2" }, requests: { cpu: "1" } } },
        ],
      },
      faults: [
        'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
      ],
    },
    {
      name: "a whole Windows pod",
      spec: { os: { name: "windows" }, resources: { limits: { cpu: "1" } } },
      faults: ["spec.resources: Forbidden: may not be set for a windows pod"],
    },
    {
      name: "overhead",
      spec: { overhead: { cpu: "-1" } },
      faults: [
        'spec.overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
