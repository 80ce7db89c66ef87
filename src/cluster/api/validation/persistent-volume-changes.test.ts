// Changes of PersistentVolumes: cases of TestValidatePersistentVolumeSourceUpdate, TestValidateVolumeNodeAffinityUpdate and
// TestValidatePeristentVolumeAttributesClassUpdate in kubernetes pkg/apis/core/validation/validation_test.go @v1.36.2; texts as that
// version gives them.

import { describe, expect, it } from "vitest";
import { createJudge, merged } from "../testing/judge.ts";
import { VOLUME } from "../testing/volume.ts";
import { validateNewVolume, validateVolumeUpdate } from "./persistent-volumes.ts";

const judge = createJudge();

describe("a PersistentVolume that is changed", () => {
  const rows = [
    {
      name: "condition-no-update",
      before: { spec: { hostPath: { path: "/foo" } } },
      after: { spec: { hostPath: { path: "/foo" }, storageClassName: "other" } },
      faults: [],
    },
    {
      name: "condition-update-source",
      before: { spec: { nfs: { server: "a", path: "/b" } } },
      after: { spec: { nfs: { server: "a", path: "/c" } } },
      faults: [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -5,7 +5,7 @@\n  "Glusterfs": null,\n  "NFS": {\n   "Server": "a",\n-  "Path": "/b",\n+  "Path": "/c",\n   "ReadOnly": false\n  },\n  "RBD": null,\n',
      ],
    },
    {
      name: "another kind of source",
      before: { spec: { hostPath: { path: "/foo" } } },
      after: {
        spec: {
          csi: { driver: "test-driver", volumeHandle: "h", volumeAttributes: { b: "2", a: "1" } },
        },
      },
      faults: [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -1,10 +1,7 @@\n {\n  "GCEPersistentDisk": null,\n  "AWSElasticBlockStore": null,\n- "HostPath": {\n-  "Path": "/foo",\n-  "Type": ""\n- },\n+ "HostPath": null,\n  "Glusterfs": null,\n  "NFS": null,\n  "RBD": null,\n@@ -23,5 +20,19 @@\n  "ScaleIO": null,\n  "Local": null,\n  "StorageOS": null,\n- "CSI": null\n+ "CSI": {\n+  "Driver": "test-driver",\n+  "VolumeHandle": "h",\n+  "ReadOnly": false,\n+  "FSType": "",\n+  "VolumeAttributes": {\n+   "a": "1",\n+   "b": "2"\n+  },\n+  "ControllerPublishSecretRef": null,\n+  "NodeStageSecretRef": null,\n+  "NodePublishSecretRef": null,\n+  "ControllerExpandSecretRef": null,\n+  "NodeExpandSecretRef": null\n+ }\n }\n',
      ],
    },
    {
      name: "two parts of a source",
      before: { spec: { csi: { driver: "a", volumeHandle: "h" } } },
      after: {
        spec: {
          csi: {
            driver: "b",
            volumeHandle: "h",
            fsType: "ext4",
            nodeExpandSecretRef: { name: "a", namespace: "b" },
          },
        },
      },
      faults: [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -21,15 +21,18 @@\n  "Local": null,\n  "StorageOS": null,\n  "CSI": {\n-  "Driver": "a",\n+  "Driver": "b",\n   "VolumeHandle": "h",\n   "ReadOnly": false,\n-  "FSType": "",\n+  "FSType": "ext4",\n   "VolumeAttributes": null,\n   "ControllerPublishSecretRef": null,\n   "NodeStageSecretRef": null,\n   "NodePublishSecretRef": null,\n   "ControllerExpandSecretRef": null,\n-  "NodeExpandSecretRef": null\n+  "NodeExpandSecretRef": {\n+   "Name": "a",\n+   "Namespace": "b"\n+  }\n  }\n }\n',
      ],
    },
    {
      name: "the secret for growing, added",
      before: { spec: { csi: { driver: "a", volumeHandle: "h" } } },
      after: {
        spec: {
          csi: {
            driver: "a",
            volumeHandle: "h",
            controllerExpandSecretRef: { name: "a", namespace: "b" },
          },
        },
      },
      faults: [],
    },
    {
      name: "the secret for growing, taken away",
      before: {
        spec: {
          csi: {
            driver: "a",
            volumeHandle: "h",
            controllerExpandSecretRef: { name: "a", namespace: "b" },
          },
        },
      },
      after: { spec: { csi: { driver: "a", volumeHandle: "h" } } },
      faults: [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -29,10 +29,7 @@\n   "ControllerPublishSecretRef": null,\n   "NodeStageSecretRef": null,\n   "NodePublishSecretRef": null,\n-  "ControllerExpandSecretRef": {\n-   "Name": "a",\n-   "Namespace": "b"\n-  },\n+  "ControllerExpandSecretRef": null,\n   "NodeExpandSecretRef": null\n  }\n }\n',
      ],
    },
    {
      name: "immutable-volume-mode",
      before: { spec: { hostPath: { path: "/foo" }, volumeMode: "Block" } },
      after: { spec: { hostPath: { path: "/foo" }, volumeMode: "Filesystem" } },
      faults: ['volumeMode: Invalid value: "Filesystem": field is immutable'],
    },
    {
      name: "invalid node affinity change",
      before: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "foo", operator: "In", values: ["bar"] }] },
              ],
            },
          },
        },
      },
      after: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "foo", operator: "In", values: ["bar2"] }] },
              ],
            },
          },
        },
      },
      faults: [
        'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"foo","Operator":"In","Values":["bar2"]}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA',
      ],
    },
    {
      name: "invalid node affinity removed",
      before: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "foo", operator: "In", values: ["bar"] }] },
              ],
            },
          },
        },
      },
      after: { spec: { hostPath: { path: "/foo" } } },
      faults: [
        "nodeAffinity: Invalid value: null: field is immutable, except for updating from beta label to GA",
      ],
    },
    {
      name: "change topology label from beta to GA",
      before: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    {
                      key: "failure-domain.beta.kubernetes.io/zone",
                      operator: "In",
                      values: ["bar"],
                    },
                  ],
                },
              ],
            },
          },
        },
      },
      after: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "topology.kubernetes.io/zone", operator: "In", values: ["bar"] },
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
      name: "change topology label from GA to beta",
      before: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "topology.kubernetes.io/zone", operator: "In", values: ["bar"] },
                  ],
                },
              ],
            },
          },
        },
      },
      after: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    {
                      key: "failure-domain.beta.kubernetes.io/zone",
                      operator: "In",
                      values: ["bar"],
                    },
                  ],
                },
              ],
            },
          },
        },
      },
      faults: [
        'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"failure-domain.beta.kubernetes.io/zone","Operator":"In","Values":["bar"]}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA',
      ],
    },
    {
      name: "add node affinity",
      before: { spec: { hostPath: { path: "/foo" } } },
      after: {
        spec: {
          hostPath: { path: "/foo" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "foo", operator: "In", values: ["bar"] }] },
              ],
            },
          },
        },
      },
      faults: [],
    },
    {
      name: "a class of attributes, taken away",
      before: {
        spec: { csi: { driver: "a", volumeHandle: "h" }, volumeAttributesClassName: "gold" },
      },
      after: { spec: { csi: { driver: "a", volumeHandle: "h" } } },
      faults: [
        "spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden",
      ],
    },
    {
      name: "a mode that is none is told of twice",
      before: { spec: { hostPath: { path: "/foo" } } },
      after: { spec: { hostPath: { path: "/foo" }, accessModes: ["fakemode"] } },
      faults: [
        'spec.accessModes: Unsupported value: "fakemode": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.accessModes: Unsupported value: "fakemode": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(VOLUME, before), merged(VOLUME, after))).toEqual(faults);
  });
});

it("a volume of an earlier version, whose driver is none, can still be bound", () => {
  const csi = { driver: "simulation.keelson.dev/volumes", volumeHandle: "h" };
  const before = merged(VOLUME, { spec: { csi, volumeMode: "Filesystem" } });
  const bound = merged(before, { spec: { claimRef: { name: "c", namespace: "default" } } });
  expect(validateVolumeUpdate(bound, before)).toEqual([]);
  expect(validateNewVolume(bound)).toHaveLength(1);
});
