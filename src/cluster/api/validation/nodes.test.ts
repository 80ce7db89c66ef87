// Nodes and CSINodes: cases of TestValidateNode and TestValidateNodeUpdate in kubernetes
// pkg/apis/core/validation/validation_test.go, and TestCSINodeValidation in pkg/apis/storage/validation/validation_test.go;
// texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const NODE: KubernetesObject = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n1" },
  spec: { podCIDR: "10.0.0.0/24", podCIDRs: ["10.0.0.0/24"], providerID: "one" },
};

describe("a new Node", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of taints that are none",
      change: {
        spec: {
          taints: [
            { key: "", value: "-x", effect: "NoFly" },
            { key: "a", effect: "" },
            { key: "b", effect: "NoExecute" },
            { key: "b", value: "c", effect: "NoExecute" },
          ],
        },
      },
      faults: [
        'metadata.taints[0].key: Invalid value: "": name part must be non-empty',
        "metadata.taints[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "metadata.taints[0].value: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        'metadata.taints[0].effect: Unsupported value: "NoFly": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
        "metadata.taints[1].effect: Required value",
        'metadata.taints[3]: Duplicate value: {"Key":"b","Value":"c","Effect":"NoExecute","TimeAdded":null}: taints must be unique by key and effect pair',
      ],
    },
    {
      name: "of negative amounts and half pods",
      change: { status: { capacity: { cpu: "-1" }, allocatable: { pods: "500m" } } },
      faults: [
        'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
        'status.allocatable.pods: Invalid value: "500m": must be an integer',
      ],
    },
    {
      name: "of features that are none",
      change: { status: { declaredFeatures: ["B", "A", "A", "a/b"] } },
      faults: [
        'status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically',
        'status.declaredFeatures[2]: Duplicate value: "A"',
        'status.declaredFeatures[3]: Invalid value: "a/b": invalid feature name "a/b": must start with an UpperCamelCase segment, with subsequent segments separated by \'/\' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes',
      ],
    },
    {
      name: "of two ranges of one family",
      change: { spec: { podCIDRs: ["10.0.0.0/24", "10.0.1.0/24"] } },
      faults: [
        'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(NODE, change))).toEqual(faults);
  });
});

describe("a change of a Node", () => {
  const rows = [
    {
      name: "of what is set once",
      from: {},
      change: {
        spec: {
          podCIDR: "10.0.1.0/24",
          podCIDRs: ["10.0.1.0/24"],
          providerID: "two",
          externalID: "e",
        },
      },
      faults: [
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
        'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
        "spec.externalID: Forbidden: may not be updated",
      ],
    },
    {
      name: "to taints that are none",
      from: {},
      change: { spec: { taints: [{ key: "a b", effect: "NoFly" }] } },
      faults: [
        "metadata.taints[0].key: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'metadata.taints[0].effect: Unsupported value: "NoFly": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
        "metadata.taints[0].key: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'metadata.taints[0].effect: Unsupported value: "NoFly": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(NODE, from);
    expect(await judge.update(before, merged(NODE, change))).toEqual(faults);
  });
});

describe("the status of a Node", () => {
  const rows = [
    {
      name: "of addresses twice",
      from: {},
      change: {
        status: {
          addresses: [
            { type: "InternalIP", address: "1.1.1.1" },
            { type: "InternalIP", address: "1.1.1.1" },
          ],
          capacity: { pods: "1500m" },
        },
      },
      faults: [
        'status.capacity.pods: Invalid value: "1500m": must be an integer',
        'status.allocatable.pods: Invalid value: "1500m": must be an integer',
        'status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"1.1.1.1"}',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(NODE, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});

const CSI_NODE: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "CSINode",
  metadata: { name: "n1" },
  spec: {
    drivers: [{ name: "a.b", nodeID: "one", topologyKeys: ["zone"], allocatable: { count: 10 } }],
  },
};

describe("a new CSINode", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of drivers without names",
      change: {
        spec: {
          drivers: [
            { name: "", nodeID: "" },
            {
              name: "a_b",
              nodeID:
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
              allocatable: { count: -1 },
            },
          ],
        },
      },
      faults: [
        "spec.drivers[0].name: Required value",
        "spec.drivers[0].nodeID: Required value",
        "spec.drivers[1].name: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.drivers[1].nodeID: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be 256 characters or less',
        "spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "of a driver twice",
      change: {
        spec: {
          drivers: [
            { name: "a", nodeID: "x", topologyKeys: ["", "b", "b"] },
            { name: "a", nodeID: "y" },
          ],
        },
      },
      faults: [
        "spec.drivers[0]: Required value",
        'spec.drivers[0]: Invalid value: "": name part must be non-empty',
        "spec.drivers[0]: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.drivers[0]: Duplicate value: "b"',
        'spec.drivers[1].name: Duplicate value: "a"',
      ],
    },
    {
      name: "of a driver whose name is too long",
      change: {
        spec: {
          drivers: [
            {
              name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
              nodeID: "x",
            },
          ],
        },
      },
      faults: ["spec.drivers[0].name: Too long: may not be more than 63 bytes"],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(CSI_NODE, change))).toEqual(faults);
  });
});

describe("a change of a CSINode", () => {
  const rows = [
    {
      name: "of how many volumes it takes",
      from: {},
      change: {
        spec: {
          drivers: [
            { name: "a.b", nodeID: "one", topologyKeys: ["zone"], allocatable: { count: 5 } },
          ],
        },
      },
      faults: [],
    },
    {
      name: "of what a driver calls it",
      from: {},
      change: { spec: { drivers: [{ name: "a.b", nodeID: "two", topologyKeys: ["zone"] }] } },
      faults: [
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"two","TopologyKeys":["zone"],"Allocatable":null}: field is immutable',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(CSI_NODE, from);
    expect(await judge.update(before, merged(CSI_NODE, change))).toEqual(faults);
  });
});
