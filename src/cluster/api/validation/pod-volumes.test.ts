// Volumes of pods. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows = [
    {
      name: "many sources",
      volumes: [
        { name: "a", emptyDir: { sizeLimit: "1Gi" } },
        { name: "b", hostPath: { path: "/x" } },
        { name: "c", secret: { secretName: "s", items: [{ key: "k", path: "p", mode: 511 }] } },
        { name: "d", configMap: { name: "c" } },
        { name: "e", persistentVolumeClaim: { claimName: "c" } },
        { name: "f", csi: { driver: "a.b" } },
        { name: "g", image: { reference: "a:b" } },
        { name: "h", nfs: { server: "s", path: "/x" } },
        { name: "i" },
      ],
      faults: [],
    },
    {
      name: "names",
      volumes: [
        { name: "", emptyDir: {} },
        { name: "A", emptyDir: {} },
        { name: "a.b", emptyDir: {} },
        { name: "a", emptyDir: {} },
        { name: "a", emptyDir: {} },
      ],
      faults: [
        "spec.volumes[0].name: Required value",
        "spec.volumes[1].name: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        'spec.volumes[2].name: Invalid value: "a.b": must not contain dots',
        'spec.volumes[4].name: Duplicate value: "a"',
      ],
    },
    {
      name: "two sources",
      volumes: [
        {
          name: "a",
          emptyDir: {},
          hostPath: { path: "" },
          cephfs: { monitors: [] },
          downwardAPI: {},
          gcePersistentDisk: { pdName: "" },
        },
      ],
      faults: [
        "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
        "spec.volumes[0].gcePersistentDisk: Forbidden: may not specify more than 1 volume type",
        "spec.volumes[0].cephFS: Forbidden: may not specify more than 1 volume type",
        "spec.volumes[0].downwarAPI: Forbidden: may not specify more than 1 volume type",
      ],
    },
    {
      name: "sizes",
      volumes: [{ name: "a", emptyDir: { sizeLimit: "-1" } }],
      faults: [
        "spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity",
      ],
    },
    {
      name: "paths of the host",
      volumes: [
        { name: "a", hostPath: { path: "" } },
        { name: "b", hostPath: { path: "/a/../b", type: "Dir" } },
      ],
      faults: [
        "spec.volumes[0].hostPath.path: Required value",
        "spec.volumes[1].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
        'spec.volumes[1].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      ],
    },
    {
      name: "repositories",
      volumes: [{ name: "a", gitRepo: { repository: "", directory: "/.." } }],
      faults: [
        "spec.volumes[0].gitRepo.repository: Required value",
        'spec.volumes[0].gitRepo.directory: Invalid value: "/..": must be a relative path',
        "spec.volumes[0].gitRepo.directory: Invalid value: \"/..\": must not contain '..'",
      ],
    },
    {
      name: "secrets and config maps",
      volumes: [
        {
          name: "a",
          secret: {
            secretName: "",
            defaultMode: 512,
            items: [
              { key: "", path: "", mode: -1 },
              { key: "k", path: "/../x" },
              { key: "k", path: "..x" },
              { key: "k", path: "../x" },
            ],
          },
        },
        { name: "b", configMap: { name: "", defaultMode: -1 } },
      ],
      faults: [
        "spec.volumes[0].secret.secretName: Required value",
        "spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        "spec.volumes[0].secret.items[0].key: Required value",
        "spec.volumes[0].secret.items[0].path: Required value",
        "spec.volumes[0].secret.items[0].mode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive",
        'spec.volumes[0].secret.items[1].path: Invalid value: "/../x": must be a relative path',
        "spec.volumes[0].secret.items[1].path: Invalid value: \"/../x\": must not contain '..'",
        "spec.volumes[0].secret.items[2].path: Invalid value: \"..x\": must not start with '..'",
        "spec.volumes[0].secret.items[3].path: Invalid value: \"../x\": must not contain '..'",
        "spec.volumes[1].configMap.name: Required value",
        "spec.volumes[1].configMap.defaultMode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive",
      ],
    },
    {
      name: "claims",
      volumes: [
        { name: "a", persistentVolumeClaim: { claimName: "" } },
        { name: "b", ephemeral: {} },
        {
          name: "c",
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { name: "x" },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
        { name: "d", persistentVolumeClaim: { claimName: "test-c" } },
        { name: "e", persistentVolumeClaim: { claimName: "test-b" } },
      ],
      faults: [
        "spec.volumes[0].persistentVolumeClaim.claimName: Required value",
        "spec.volumes[1].ephemeral.volumeClaimTemplate: Required value",
        "spec.volumes[2].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set",
        'spec.volumes[3].persistentVolumeClaim.claimName: Invalid value: "test-c": must not reference a PVC that gets created for an ephemeral volume',
        'spec.volumes[4].persistentVolumeClaim.claimName: Invalid value: "test-b": must not reference a PVC that gets created for an ephemeral volume',
      ],
    },
    {
      name: "the pod's own fields",
      volumes: [
        {
          name: "a",
          downwardAPI: {
            defaultMode: 512,
            items: [
              { path: "" },
              { path: "../x", fieldRef: { fieldPath: "status.podIP" } },
              { path: "x", mode: 512, resourceFieldRef: { resource: "limits.cpu" } },
              {
                path: "y",
                fieldRef: { fieldPath: "metadata.labels" },
                resourceFieldRef: { containerName: "a", resource: "limits.cpu" },
              },
            ],
          },
        },
      ],
      faults: [
        "spec.volumes[0].downwardAPI.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        "spec.volumes[0].downwardAPI.path: Required value",
        "spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
        "spec.volumes[0].downwardAPI.path: Invalid value: \"../x\": must not contain '..'",
        'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
        "spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value",
        "spec.volumes[0].downwardAPI.mode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        'spec.volumes[0].downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously',
      ],
    },
    {
      name: "drivers",
      volumes: [
        { name: "a", csi: { driver: "" } },
        { name: "b", csi: { driver: "a_b", nodePublishSecretRef: { name: "" } } },
        { name: "c", csi: { driver: "a".repeat(64), nodePublishSecretRef: { name: "A" } } },
      ],
      faults: [
        "spec.volumes[0].csi.driver: Required value",
        "spec.volumes[1].csi.driver: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.volumes[1].csi.nodePublishSecretRef.name: Required value",
        "spec.volumes[2].csi.driver: Too long: may not be more than 63 bytes",
        "spec.volumes[2].csi.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "images",
      volumes: [
        { name: "a", image: { reference: "" } },
        { name: "b", image: { reference: "x", pullPolicy: "Often" } },
      ],
      faults: [
        "spec.volumes[0].image.reference: Required value",
        'spec.volumes[1].image.pullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"',
      ],
    },
    {
      name: "targets",
      volumes: [
        { name: "a", iscsi: { targetPortal: "", iqn: "", lun: -1, chapAuthSession: true } },
        { name: "b", iscsi: { targetPortal: "p", iqn: "x", lun: 256, initiatorName: "iqn.x" } },
        {
          name: "c",
          iscsi: {
            targetPortal: "a".repeat(63),
            iqn: "iqn.x",
            lun: 1,
            initiatorName: "eui.0123456789abcdef",
          },
        },
      ],
      faults: [
        "spec.volumes[0].iscsi.targetPortal: Required value",
        "spec.volumes[0].iscsi.iqn: Required value",
        "spec.volumes[0].iscsi.lun: Invalid value: -1: must be between 0 and 255, inclusive",
        "spec.volumes[0].iscsi.secretRef: Required value",
        'spec.volumes[1].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
        "spec.volumes[1].iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive",
        'spec.volumes[1].iscsi.initiatorname: Invalid value: "iqn.x": must be valid format',
        'spec.volumes[2].iscsi.iqn: Invalid value: "iqn.x": must be valid format',
        'spec.volumes[2].name: Invalid value: "c": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ],
    },
    {
      name: "storage of others",
      volumes: [
        { name: "a", cinder: { volumeID: "", secretRef: { name: "" } } },
        { name: "b", storageos: { volumeName: "", volumeNamespace: "A", secretRef: { name: "" } } },
        { name: "c", storageos: { volumeName: "A" } },
        { name: "d", azureDisk: { diskName: "", diskURI: "", kind: "Own", cachingMode: "No" } },
        { name: "e", rbd: { monitors: [], image: "" } },
        { name: "f", fc: {} },
        { name: "g", quobyte: { registry: "a", volume: "" } },
        { name: "h", flexVolume: { driver: "", options: { "kubernetes.io/x": "y" } } },
      ],
      faults: [
        "spec.volumes[0].cinder.volumeID: Required value",
        "spec.volumes[0].cinder.secretRef.name: Required value",
        "spec.volumes[1].storageos.volumeName: Required value",
        "spec.volumes[1].storageos.volumeNamespace: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.volumes[1].storageos.secretRef.name: Required value",
        "spec.volumes[2].storageos.volumeName: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.volumes[3].azureDisk.diskName: Required value",
        "spec.volumes[3].azureDisk.diskURI: Required value",
        'spec.volumes[3].azureDisk.cachingMode: Unsupported value: "No": supported values: "None", "ReadOnly", "ReadWrite"',
        'spec.volumes[3].azureDisk.kind: Unsupported value: "Own": supported values: "Dedicated", "Managed", "Shared"',
        'spec.volumes[3].azureDisk.diskURI: Unsupported value: "": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
        "spec.volumes[4].rbd.monitors: Required value",
        "spec.volumes[4].rbd.image: Required value",
        "spec.volumes[5].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both",
        'spec.volumes[6].quobyte.registry: Invalid value: "a": must be a host:port pair or multiple pairs separated by commas',
        "spec.volumes[6].quobyte.volume: Required value",
        "spec.volumes[7].flexVolume.driver: Required value",
        'spec.volumes[7].flexVolume.options[kubernetes.io/x]: Invalid value: "kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved',
      ],
    },
  ];
  it.each(rows)("$name", async ({ volumes, faults }) => {
    expect(await judge.create(podWith({ volumes }))).toEqual(faults);
  });
});
