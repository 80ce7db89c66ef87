// Sources of volumes, each with what it lacks: the rules of the validate…VolumeSource functions of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import { createJudge, merged } from "../testing/judge.ts";
import { VOLUME } from "../testing/volume.ts";

const judge = createJudge();

describe("the source of a volume", () => {
  const rows = [
    {
      name: "without a path",
      spec: { hostPath: { path: "" } },
      faults: ["spec.hostPath.path: Required value"],
    },
    {
      name: "with a partition that is none",
      spec: { gcePersistentDisk: { pdName: "", partition: 256 } },
      faults: [
        "spec.persistentDisk.pdName: Required value",
        "spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive",
      ],
    },
    {
      name: "of AWS without an id",
      spec: { awsElasticBlockStore: { volumeID: "", partition: -1 } },
      faults: [
        "spec.awsElasticBlockStore.volumeID: Required value",
        "spec.awsElasticBlockStore.partition: Invalid value: -1: must be between 1 and 255, inclusive",
      ],
    },
    {
      name: "of Gluster without anything",
      spec: { glusterfs: { endpoints: "", path: "", endpointsNamespace: "" } },
      faults: [
        "spec.glusterfs.endpoints: Required value",
        "spec.glusterfs.path: Required value",
        'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name',
      ],
    },
    {
      name: "of Gluster in a namespace that is none",
      spec: { glusterfs: { endpoints: "a", path: "b", endpointsNamespace: "A" } },
      faults: [
        `spec.glusterfs.endpointsNamespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "of Flocker with both names",
      spec: { flocker: { datasetName: "a/b", datasetUUID: "c" } },
      faults: [
        'spec.flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously',
        `spec.flocker.datasetName: Invalid value: "a/b": must not contain '/'`,
      ],
    },
    {
      name: "of Flocker without a name",
      spec: { flocker: {} },
      faults: ["spec.flocker: Required value: one of datasetName and datasetUUID is required"],
    },
    {
      name: "of NFS with a relative path",
      spec: { nfs: { server: "", path: "a" } },
      faults: [
        "spec.nfs.server: Required value",
        'spec.nfs.path: Invalid value: "a": must be an absolute path',
      ],
    },
    {
      name: "of NFS without a path",
      spec: { nfs: { server: "s", path: "" } },
      faults: [
        "spec.nfs.path: Required value",
        'spec.nfs.path: Invalid value: "": must be an absolute path',
      ],
    },
    {
      name: "of Ceph without monitors",
      spec: { rbd: { monitors: [], image: "" } },
      faults: ["spec.rbd.monitors: Required value", "spec.rbd.image: Required value"],
    },
    {
      name: "of a Ceph file system without monitors",
      spec: { cephfs: { monitors: [] } },
      faults: ["spec.cephfs.monitors: Required value"],
    },
    {
      name: "of Quobyte without a registry",
      spec: { quobyte: { registry: "", volume: "" } },
      faults: [
        "spec.quobyte.registry: Required value: must be a host:port pair or multiple pairs separated by commas",
        "spec.quobyte.volume: Required value",
      ],
    },
    {
      name: "of Quobyte with a registry without ports",
      spec: { quobyte: { registry: "a:1,b", volume: "v" } },
      faults: [
        'spec.quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas',
      ],
    },
    {
      name: "of Quobyte with a long tenant",
      spec: { quobyte: { registry: "a:1", volume: "v", tenant: "t".repeat(65) } },
      faults: [
        "spec.quobyte.tenant: Required value: must be a UUID and may not exceed a length of 64 characters",
      ],
    },
    {
      name: "of iSCSI without anything",
      spec: { iscsi: { targetPortal: "", iqn: "", lun: 256, chapAuthSession: true } },
      faults: [
        "spec.iscsi.targetPortal: Required value",
        "spec.iscsi.iqn: Required value",
        "spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive",
        "spec.iscsi.secretRef: Required value",
      ],
    },
    {
      name: "of iSCSI with names of no format",
      spec: {
        iscsi: {
          targetPortal: "127.0.0.1",
          iqn: "iqn.2015-02.example.com",
          lun: 1,
          secretRef: {},
          initiatorName: "iqn.2015-02.example.com",
        },
      },
      faults: [
        'spec.iscsi.iqn: Invalid value: "iqn.2015-02.example.com": must be valid format',
        "spec.iscsi.secretRef.name: Required value",
        'spec.iscsi.initiatorname: Invalid value: "iqn.2015-02.example.com": must be valid format',
      ],
    },
    {
      name: "of iSCSI with names that begin otherwise",
      spec: { iscsi: { targetPortal: "127.0.0.1", iqn: "xyz", lun: 1, initiatorName: "abc" } },
      faults: [
        'spec.iscsi.iqn: Invalid value: "xyz": must be valid format',
        'spec.iscsi.initiatorname: Invalid value: "abc": must be valid format',
      ],
    },
    {
      name: "of iSCSI with a long portal",
      spec: {
        iscsi: {
          targetPortal: "0123456789".repeat(7),
          iqn: "iqn.2015-02.example.com:test",
          lun: 1,
          initiatorName: "eui.0123456789ABCDEF",
        },
      },
      faults: [
        'spec.iscsi.targetportal: Invalid value: "0123456789012345678901234567890123456789012345678901234567890123456789": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ],
    },
    {
      name: "of iSCSI, well formed",
      spec: {
        iscsi: { targetPortal: "127.0.0.1", iqn: "naa.60014051234567890123456789012345", lun: 1 },
      },
      faults: [],
    },
    {
      name: "of Cinder with half a secret",
      spec: { cinder: { volumeID: "", secretRef: { name: "a" } } },
      faults: [
        "spec.cinder.volumeID: Required value",
        "spec.cinder.secretRef.namespace: Required value",
      ],
    },
    {
      name: "of Fibre Channel without anything",
      spec: { fc: {} },
      faults: [
        "spec.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both",
      ],
    },
    {
      name: "of Fibre Channel with both kinds of name",
      spec: { fc: { targetWWNs: ["a"], wwids: ["b"] } },
      faults: [
        'spec.fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified simultaneously',
        "spec.fc.lun: Required value: lun is required if targetWWNs is specified",
      ],
    },
    {
      name: "of Fibre Channel with a unit too high",
      spec: { fc: { targetWWNs: ["a"], lun: 256 } },
      faults: ["spec.fc.lun: Invalid value: 256: must be between 0 and 255, inclusive"],
    },
    {
      name: "of a Flex driver with options of Kubernetes",
      spec: {
        flexVolume: {
          driver: "",
          options: { "a.kubernetes.io/x": "1", "k8s.io": "2", "notk8s.io/y": "3" },
        },
      },
      faults: [
        "spec.flexVolume.driver: Required value",
        'spec.flexVolume.options[a.kubernetes.io/x]: Invalid value: "a.kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved',
        'spec.flexVolume.options[k8s.io]: Invalid value: "k8s.io": kubernetes.io and k8s.io namespaces are reserved',
      ],
    },
    {
      name: "of Azure files without names",
      spec: { azureFile: { secretName: "", shareName: "", secretNamespace: "" } },
      faults: [
        "spec.azureFile.secretName: Required value",
        "spec.azureFile.shareName: Required value",
        "spec.azureFile.secretNamespace: Required value",
      ],
    },
    {
      name: "of vSphere without a path",
      spec: { vsphereVolume: { volumePath: "" } },
      faults: ["spec.vsphereVolume.volumePath: Required value"],
    },
    {
      name: "of Photon without an id",
      spec: { photonPersistentDisk: { pdID: "" } },
      faults: ["spec.photonPersistentDisk.pdID: Required value"],
    },
    {
      name: "of Portworx without an id",
      spec: { portworxVolume: { volumeID: "" } },
      faults: ["spec.portworxVolume.volumeID: Required value"],
    },
    {
      name: "of an Azure disk that is neither kind",
      spec: { azureDisk: { diskName: "", diskURI: "", cachingMode: "Some", kind: "Other" } },
      faults: [
        "spec.azureDisk.diskName: Required value",
        "spec.azureDisk.diskURI: Required value",
        'spec.azureDisk.cachingMode: Unsupported value: "Some": supported values: "None", "ReadOnly", "ReadWrite"',
        'spec.azureDisk.kind: Unsupported value: "Other": supported values: "Dedicated", "Managed", "Shared"',
        'spec.azureDisk.diskURI: Unsupported value: "": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
      ],
    },
    {
      name: "of an Azure disk that is managed elsewhere",
      spec: {
        azureDisk: { diskName: "d", diskURI: "https://blob/vhds/test.vhd", kind: "Managed" },
      },
      faults: [
        'spec.azureDisk.diskURI: Unsupported value: "https://blob/vhds/test.vhd": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
      ],
    },
    {
      name: "of an Azure disk, well formed",
      spec: { azureDisk: { diskName: "d", diskURI: "https://blob/vhds/test.vhd" } },
      faults: [],
    },
    {
      name: "of ScaleIO without names",
      spec: { scaleIO: { gateway: "", system: "", volumeName: "", secretRef: {} } },
      faults: [
        "spec.scaleIO.gateway: Required value",
        "spec.scaleIO.system: Required value",
        "spec.scaleIO.volumeName: Required value",
      ],
    },
    {
      name: "of StorageOS without a name",
      spec: { storageos: { secretRef: { name: "a" } } },
      faults: [
        "spec.storageos.volumeName: Required value",
        "spec.storageos.secretRef.namespace: Required value",
      ],
    },
    {
      name: "of StorageOS with names that are none",
      spec: { storageos: { volumeName: "A", volumeNamespace: "b.c" } },
      faults: [
        `spec.storageos.volumeName: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
        'spec.storageos.volumeNamespace: Invalid value: "b.c": must not contain dots',
      ],
    },
    {
      name: "of a driver without a name",
      spec: { csi: { driver: "", volumeHandle: "" } },
      faults: ["spec.csi.driver: Required value", "spec.csi.volumeHandle: Required value"],
    },
    {
      name: "of a driver whose name is long and none",
      spec: { csi: { driver: "d_".repeat(40), volumeHandle: "h" } },
      faults: [
        "spec.csi.driver: Too long: may not be more than 63 bytes",
        `spec.csi.driver: Invalid value: "d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_d_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "of a driver with secrets that are none",
      spec: {
        csi: {
          driver: "test-driver",
          volumeHandle: "h",
          controllerPublishSecretRef: {},
          controllerExpandSecretRef: { name: "A", namespace: "b.c" },
          nodePublishSecretRef: { name: "a" },
          nodeExpandSecretRef: { namespace: "a" },
          nodeStageSecretRef: {},
        },
      },
      faults: [
        "spec.csi.controllerPublishSecretRef.name: Required value",
        "spec.csi.controllerPublishSecretRef.namespace: Required value",
        `spec.csi.controllerExpandSecretRef.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        'spec.csi.controllerExpandSecretRef.namespace: Invalid value: "b.c": must not contain dots',
        "spec.csi.nodePublishSecretRef.namespace: Required value",
        "spec.csi.nodeExpandSecretRef.name: Required value",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(merged(VOLUME, { spec }))).toEqual(faults);
  });
});
