// PersistentVolumes: cases of TestValidatePersistentVolumes in kubernetes pkg/apis/core/validation/validation_test.go and
// pkg/volume/validation/pv_validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import { createJudge, merged } from "../testing/judge.ts";
import { VOLUME } from "../testing/volume.ts";

const judge = createJudge();

describe("a PersistentVolume", () => {
  const rows = [
    {
      name: "good-volume",
      change: { spec: { hostPath: { path: "/foo", type: "DirectoryOrCreate" } } },
      faults: [],
    },
    {
      name: "good-volume-with-retain-policy",
      change: { spec: { hostPath: { path: "/foo" }, persistentVolumeReclaimPolicy: "Retain" } },
      faults: [],
    },
    {
      name: "good-volume-with-volume-mode",
      change: { spec: { hostPath: { path: "/foo" }, volumeMode: "Filesystem" } },
      faults: [],
    },
    {
      name: "invalid-accessmode",
      change: { spec: { accessModes: ["fakemode"], hostPath: { path: "/foo" } } },
      faults: [
        'spec.accessModes: Unsupported value: "fakemode": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    },
    {
      name: "invalid-reclaimpolicy",
      change: {
        spec: { hostPath: { path: "/foo" }, persistentVolumeReclaimPolicy: "fakeReclaimPolicy" },
      },
      faults: [
        'spec.persistentVolumeReclaimPolicy: Unsupported value: "fakeReclaimPolicy": supported values: "Delete", "Recycle", "Retain"',
      ],
    },
    {
      name: "invalid-volume-mode",
      change: { spec: { hostPath: { path: "/foo" }, volumeMode: "fakeVolumeMode" } },
      faults: [
        'spec.volumeMode: Unsupported value: "fakeVolumeMode": supported values: "Block", "Filesystem"',
      ],
    },
    {
      name: "with-read-write-once-pod",
      change: { spec: { accessModes: ["ReadWriteOncePod"], hostPath: { path: "/foo" } } },
      faults: [],
    },
    {
      name: "with-read-write-once-pod-and-others",
      change: {
        spec: { accessModes: ["ReadWriteOncePod", "ReadWriteMany"], hostPath: { path: "/foo" } },
      },
      faults: ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
    },
    {
      name: "missing-volume-source",
      change: { spec: {} },
      faults: ["spec: Required value: must specify a volume type"],
    },
    {
      name: "missing-capacity",
      change: { spec: { capacity: undefined, hostPath: { path: "/foo" } } },
      faults: [
        "spec.capacity: Required value",
        'spec.capacity: Unsupported value: null: supported values: "storage"',
      ],
    },
    {
      name: "bad-volume-zero-capacity",
      change: { spec: { capacity: { storage: "0" }, hostPath: { path: "/foo" } } },
      faults: ['spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
    },
    {
      name: "a capacity that is negative, and one too many",
      change: {
        spec: { capacity: { memory: "1Gi", storage: "-10G" }, hostPath: { path: "/foo" } },
      },
      faults: [
        'spec.capacity: Unsupported value: {"memory":"1Gi","storage":"-10G"}: supported values: "storage"',
        "spec.capacity[storage]: Invalid value: -10000000000: must be a valid resource quantity",
        'spec.capacity[storage]: Invalid value: "-10G": must be greater than zero',
      ],
    },
    {
      name: "missing-accessmodes",
      change: { spec: { accessModes: undefined, hostPath: { path: "/foo" } } },
      faults: ["spec.accessModes: Required value"],
    },
    {
      name: "too-many-sources",
      change: {
        spec: {
          hostPath: { path: "/foo" },
          gcePersistentDisk: { pdName: "foo", fsType: "ext4" },
          cephfs: { monitors: ["a"] },
          flexVolume: { driver: "d" },
        },
      },
      faults: [
        "spec.gcePersistentDisk: Forbidden: may not specify more than 1 volume type",
        "spec.cephFS: Forbidden: may not specify more than 1 volume type",
      ],
    },
    {
      name: "host mount of / with recycle reclaim policy",
      change: { spec: { hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" } },
      faults: [
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    },
    {
      name: "host mount of / with recycle reclaim policy 2",
      change: { spec: { hostPath: { path: "/a/.." }, persistentVolumeReclaimPolicy: "Recycle" } },
      faults: [
        `spec.hostPath.path: Invalid value: "/a/..": must not contain '..'`,
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    },
    {
      name: "invalid-storage-class-name",
      change: { spec: { hostPath: { path: "/foo" }, storageClassName: "-invalid-" } },
      faults: [
        `spec.storageClassName: Invalid value: "-invalid-": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "bad-hostpath-volume-backsteps",
      change: { spec: { hostPath: { path: "/foo/..", type: "Folder" } } },
      faults: [
        `spec.hostPath.path: Invalid value: "/foo/..": must not contain '..'`,
        'spec.hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      ],
    },
    {
      name: "volume-node-affinity",
      change: {
        spec: {
          local: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "test-label-key", operator: "In", values: ["test-value1"] },
                  ],
                },
              ],
            },
          },
        },
      },
      faults: [],
    },
    {
      name: "a local volume without node affinity",
      change: { spec: { local: { path: "" } } },
      faults: [
        "spec.local.path: Required value",
        "spec.nodeAffinity: Required value: Local volume requires node affinity",
      ],
    },
    {
      name: "volume-empty-node-affinity",
      change: { spec: { local: { path: "/foo" }, nodeAffinity: {} } },
      faults: [
        "spec.nodeAffinity.required: Required value: must specify required node constraints",
      ],
    },
    {
      name: "volume-bad-node-affinity",
      change: {
        spec: {
          local: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "test-label-key", operator: "In", values: [] },
                    { key: "-a", operator: "Exists", values: ["x"] },
                    { key: "a", operator: "Gt", values: [] },
                    { key: "a", operator: "Some", values: ["-"] },
                  ],
                  matchFields: [
                    { key: "metadata.name", operator: "In", values: ["A_b"] },
                    { key: "metadata.uid", operator: "Exists" },
                    { key: "metadata.name", operator: "In", values: [] },
                  ],
                },
              ],
            },
          },
        },
      },
      faults: [
        "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        `spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[1].key: Invalid value: "-a": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[2].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
        'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[3].operator: Invalid value: "Some": not a valid selector operator',
        `spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[3].values[0]: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        `spec.nodeAffinity.required.nodeSelectorTerms[0].matchFields[0].values[0]: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        'spec.nodeAffinity.required.nodeSelectorTerms[0].matchFields[1].operator: Invalid value: "Exists": not a valid selector operator',
        'spec.nodeAffinity.required.nodeSelectorTerms[0].matchFields[1].key: Invalid value: "metadata.uid": not a valid field selector key',
        "spec.nodeAffinity.required.nodeSelectorTerms[0].matchFields[2].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      ],
    },
    {
      name: "a node affinity without terms",
      change: {
        spec: { local: { path: "/foo" }, nodeAffinity: { required: { nodeSelectorTerms: [] } } },
      },
      faults: [
        "spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term",
      ],
    },
    {
      name: "invalid-volume-attributes-class-name",
      change: {
        spec: {
          volumeAttributesClassName: "-invalid-",
          csi: { driver: "test-driver", volumeHandle: "test-123" },
        },
      },
      faults: [
        `spec.volumeAttributesClassName: Invalid value: "-invalid-": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "invalid-empty-volume-attributes-class-name",
      change: {
        spec: {
          volumeAttributesClassName: "",
          csi: { driver: "test-driver", volumeHandle: "test-123" },
        },
      },
      faults: ["spec.volumeAttributesClassName: Required value: an empty string is disallowed"],
    },
    {
      name: "volume-with-good-volume-attributes-class-and-mismatched-volume-resource",
      change: { spec: { volumeAttributesClassName: "valid", hostPath: { path: "/foo" } } },
      faults: [
        "spec.csi: Required value: has to be specified when using volumeAttributesClassName",
      ],
    },
    {
      name: "volume with valid mount option for nfs",
      change: {
        metadata: { annotations: { "volume.beta.kubernetes.io/mount-options": "ro,nfsvers=3" } },
        spec: { nfs: { server: "localhost", path: "/srv" } },
      },
      faults: [],
    },
    {
      name: "volume with mount option for host path",
      change: {
        metadata: { annotations: { "volume.beta.kubernetes.io/mount-options": "ro,nfsvers=3" } },
        spec: { hostPath: { path: "/srv" } },
      },
      faults: [
        "metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type",
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(VOLUME, change))).toEqual(faults);
  });
});
