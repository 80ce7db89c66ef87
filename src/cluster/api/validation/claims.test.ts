// PersistentVolumeClaims: cases of testValidatePVC and TestValidatePersistentVolumeClaimUpdate in kubernetes
// pkg/apis/core/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const CLAIM: KubernetesObject = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "fast",
    volumeMode: "Filesystem",
  },
};

describe("a new PersistentVolumeClaim", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "for no access and no space",
      change: { spec: { accessModes: [], resources: undefined } },
      faults: [
        "spec.accessModes: Required value: at least 1 access mode is required",
        "spec.resources[storage]: Required value",
      ],
    },
    {
      name: "for access nobody knows, alone and not",
      change: { spec: { accessModes: ["Sometimes", "ReadWriteOncePod", "ReadWriteOnce"] } },
      faults: [
        'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
      ],
    },
    {
      name: "for less than nothing",
      change: { spec: { resources: { requests: { storage: "-1Gi" } } } },
      faults: ['spec.resources[storage]: Invalid value: "-1Gi": must be greater than zero'],
    },
    {
      name: "of a class that is no name",
      change: { spec: { storageClassName: "-a", volumeAttributesClassName: "-b" } },
      faults: [
        "spec.storageClassName: Invalid value: \"-a\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.volumeAttributesClassName: Invalid value: \"-b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "of a mode nobody knows",
      change: { spec: { volumeMode: "Tape" } },
      faults: [
        'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
      ],
    },
    {
      name: "that selects by a bad label",
      change: {
        spec: {
          selector: {
            matchLabels: { "a b": "c" },
            matchExpressions: [{ key: "a", operator: "In", values: ["-x"] }],
          },
        },
      },
      faults: [
        "spec.selector.matchLabels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.selector.matchExpressions[0].values[0]: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "from a source without a name",
      change: { spec: { dataSourceRef: { kind: "Pod", name: "" } } },
      faults: [
        "spec.dataSource.name: Required value",
        "spec.dataSource: Invalid value: \"Pod\": must be 'PersistentVolumeClaim' when referencing the default apiGroup",
        "spec.dataSourceRef.name: Required value",
        "spec.dataSourceRef: Invalid value: \"Pod\": must be 'PersistentVolumeClaim' when referencing the default apiGroup",
      ],
    },
    {
      name: "from a source of a bad group",
      change: { spec: { dataSourceRef: { apiGroup: "A_b", kind: "Backup", name: "a" } } },
      faults: [
        "spec.dataSource.apiGroup: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.dataSourceRef.apiGroup: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "from two sources",
      change: {
        spec: {
          dataSource: { kind: "PersistentVolumeClaim", name: "a" },
          dataSourceRef: { kind: "PersistentVolumeClaim", name: "b" },
        },
      },
      faults: ["spec: Invalid value: {}: must match dataSourceRef"],
    },
    {
      name: "from a source that was never served, which is dropped",
      change: { spec: { dataSource: { kind: "Pod", name: "a" } } },
      faults: [],
    },
    {
      name: "from another namespace, which is dropped",
      change: {
        spec: { dataSourceRef: { kind: "PersistentVolumeClaim", name: "a", namespace: "b" } },
      },
      faults: [],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(CLAIM, change))).toEqual(faults);
  });
});

describe("a change of a PersistentVolumeClaim", () => {
  const rows = [
    { name: "of its volume, once", from: {}, change: { spec: { volumeName: "pv" } }, faults: [] },
    {
      name: "of its volume, twice",
      from: { spec: { volumeName: "a" } },
      change: { spec: { volumeName: "b" } },
      faults: [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -9,7 +9,7 @@\n    "storage": "1Gi"\n   }\n  },\n- "VolumeName": "a",\n+ "VolumeName": "b",\n  "StorageClassName": "fast",\n  "VolumeMode": "Filesystem",\n  "DataSource": null,\n',
      ],
    },
    {
      name: "of its size, before it is bound",
      from: {},
      change: { spec: { resources: { requests: { storage: "2Gi" } } } },
      faults: [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "2Gi"\n   }\n  },\n  "VolumeName": "",\n',
      ],
    },
    {
      name: "to a class, from none",
      from: { spec: { storageClassName: undefined } },
      change: {},
      faults: [],
    },
    {
      name: "to a class, from an annotation",
      from: {
        metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "fast" } },
        spec: { storageClassName: undefined },
      },
      change: { metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "fast" } } },
      faults: [],
    },
    {
      name: "of the annotation alone",
      from: { metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "fast" } } },
      change: { metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "slow" } } },
      faults: [
        'metadata.annotations.volume.beta.kubernetes.io/storage-class: Invalid value: "slow": field is immutable',
      ],
    },
    {
      name: "of its mode",
      from: {},
      change: { spec: { volumeMode: "Block" } },
      faults: [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -11,7 +11,7 @@\n  },\n  "VolumeName": "",\n  "StorageClassName": "fast",\n- "VolumeMode": "Filesystem",\n+ "VolumeMode": "Block",\n  "DataSource": null,\n  "DataSourceRef": null,\n  "VolumeAttributesClassName": null\n',
        'volumeMode: Invalid value: "Block": field is immutable',
      ],
    },
    {
      name: "of its access",
      from: {},
      change: { spec: { accessModes: ["ReadOnlyMany"] } },
      faults: [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  "ReadOnlyMany"\n  ],\n  "Selector": null,\n  "Resources": {\n',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(CLAIM, from);
    expect(await judge.update(before, merged(CLAIM, change))).toEqual(faults);
  });
});

describe("the status of a PersistentVolumeClaim", () => {
  const rows = [
    {
      name: "that is fine",
      from: {},
      change: {
        status: {
          phase: "Bound",
          capacity: { storage: "1Gi" },
          allocatedResources: { storage: "2Gi" },
          allocatedResourceStatuses: { storage: "NodeResizePending" },
        },
      },
      faults: [],
    },
    {
      name: "that grows in a way nobody knows",
      from: {},
      change: { status: { phase: "Bound", allocatedResourceStatuses: { storage: "Growing" } } },
      faults: [
        'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      ],
    },
    {
      name: "of less than nothing",
      from: {},
      change: {
        status: {
          phase: "Bound",
          capacity: { storage: "-1Gi" },
          allocatedResources: { cpu: "1", storage: "-1" },
          allocatedResourceStatuses: { "a b": "NodeResizePending" },
        },
      },
      faults: [
        "status.capacity[storage]: Invalid value: -1073741824: must be a valid resource quantity",
        "status.allocatedResourceStatuses: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
        "status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity",
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(CLAIM, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});
