// VolumeAttachments and CSIStorageCapacities: cases of TestVolumeAttachmentValidation and TestCSIStorageCapacityValidation in
// kubernetes pkg/apis/storage/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const ATTACHMENT: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "VolumeAttachment",
  metadata: { name: "a1" },
  spec: { attacher: "d.x", nodeName: "n1", source: { persistentVolumeName: "pv" } },
};

describe("a new VolumeAttachment", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of nothing to nothing",
      change: { spec: { attacher: "", nodeName: "", source: { persistentVolumeName: "" } } },
      faults: [
        "spec.attacher: Required value",
        "spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName",
        "spec.nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.source.persistentVolumeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "by an attacher that is none",
      change: {
        spec: { attacher: "a_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
      },
      faults: [
        "spec.attacher: Too long: may not be more than 63 bytes",
        "spec.attacher: Invalid value: \"a_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "without a source",
      change: { spec: { source: { persistentVolumeName: undefined } } },
      faults: [
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
      ],
    },
    {
      name: "of two sources",
      change: {
        spec: {
          source: {
            inlineVolumeSpec: {
              accessModes: ["ReadWriteOnce"],
              csi: { driver: "d", volumeHandle: "h" },
            },
          },
        },
      },
      faults: [
        "spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
      ],
    },
    {
      name: "of a volume in it that is none",
      change: {
        spec: {
          source: {
            persistentVolumeName: undefined,
            inlineVolumeSpec: {
              accessModes: ["Sometimes"],
              capacity: { storage: "1Gi" },
              persistentVolumeReclaimPolicy: "Delete",
              claimRef: { name: "a" },
              hostPath: { path: "/a", type: "" },
            },
          },
        },
      },
      faults: [
        "spec.source.inlineVolumeSpec.claimRef: Forbidden: may not be specified in the context of inline volumes",
        "spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes",
        "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes",
        'spec.source.inlineVolumeSpec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(ATTACHMENT, change))).toEqual(faults);
  });
});

describe("a change of a VolumeAttachment", () => {
  const rows = [
    {
      name: "to another node",
      from: {},
      change: { spec: { nodeName: "n2" } },
      faults: [
        'spec: Invalid value: {"Attacher":"d.x","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"n2"}: field is immutable',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(ATTACHMENT, from);
    expect(await judge.update(before, merged(ATTACHMENT, change))).toEqual(faults);
  });
});

const CAPACITY: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIStorageCapacity",
  metadata: { name: "web", namespace: "shop" },
  storageClassName: "fast",
  capacity: "1Gi",
  nodeTopology: { matchLabels: { zone: "a" } },
};

describe("a new CSIStorageCapacity", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of no class, less than nothing, nowhere",
      change: {
        storageClassName: "",
        capacity: "-1",
        nodeTopology: { matchLabels: { "a b": "-x" } },
      },
      faults: [
        "nodeTopology.matchLabels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "nodeTopology.matchLabels: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        "storageClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'capacity: Invalid value: "-1": must be greater than or equal to 0',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(CAPACITY, change))).toEqual(faults);
  });
});

describe("a change of a CSIStorageCapacity", () => {
  const rows = [
    {
      name: "of where it is, and of which class",
      from: {},
      change: { storageClassName: "slow", nodeTopology: { matchLabels: { zone: "b" } } },
      faults: [
        'nodeTopology: Invalid value: {"matchLabels":{"zone":"b"}}: field is immutable',
        'storageClassName: Invalid value: "slow": field is immutable',
      ],
    },
    { name: "of how much there is", from: {}, change: { capacity: "2Gi" }, faults: [] },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(CAPACITY, from);
    expect(await judge.update(before, merged(CAPACITY, change))).toEqual(faults);
  });
});
