// The source of a persistent volume stays as it was made. Mirrors ValidatePersistentVolumeUpdate of kubernetes
// pkg/apis/core/validation/validation.go @v1.36, which shows what changed in the fields of pkg/apis/core/types.go.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField } from "../field-error.ts";
import { recordAt } from "./fields.ts";
import { printDiff } from "./print-diff.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import type { StructShape } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;

const SECRET = pointerTo({ Name: "", Namespace: "" });
const OBJECT = pointerTo({
  Kind: "",
  Namespace: "",
  Name: "",
  UID: "",
  APIVersion: "",
  ResourceVersion: "",
  FieldPath: "",
});

/** In the order of the Go type. `ReadOnly: null` is a pointer, as are the other nulls that are no lists or maps. */
const SOURCES: StructShape = {
  GCEPersistentDisk: pointerTo({ PDName: "", FSType: "", Partition: 0, ReadOnly: false }),
  AWSElasticBlockStore: pointerTo({ VolumeID: "", FSType: "", Partition: 0, ReadOnly: false }),
  HostPath: pointerTo({ Path: "", Type: "" }),
  Glusterfs: pointerTo({ EndpointsName: "", Path: "", ReadOnly: false, EndpointsNamespace: null }),
  NFS: pointerTo({ Server: "", Path: "", ReadOnly: false }),
  RBD: pointerTo({
    CephMonitors: null,
    RBDImage: "",
    FSType: "",
    RBDPool: "rbd",
    RadosUser: "admin",
    Keyring: "/etc/ceph/keyring",
    SecretRef: SECRET,
    ReadOnly: false,
  }),
  Quobyte: pointerTo({
    Registry: "",
    Volume: "",
    ReadOnly: false,
    User: "",
    Group: "",
    Tenant: "",
  }),
  ISCSI: pointerTo({
    TargetPortal: "",
    IQN: "",
    Lun: 0,
    ISCSIInterface: "default",
    FSType: "",
    ReadOnly: false,
    Portals: null,
    DiscoveryCHAPAuth: false,
    SessionCHAPAuth: false,
    SecretRef: SECRET,
    InitiatorName: null,
  }),
  FlexVolume: pointerTo({
    Driver: "",
    FSType: "",
    SecretRef: SECRET,
    ReadOnly: false,
    Options: null,
  }),
  Cinder: pointerTo({ VolumeID: "", FSType: "", ReadOnly: false, SecretRef: SECRET }),
  CephFS: pointerTo({
    Monitors: null,
    Path: "",
    User: "",
    SecretFile: "",
    SecretRef: SECRET,
    ReadOnly: false,
  }),
  FC: pointerTo({ TargetWWNs: null, Lun: null, FSType: "", ReadOnly: false, WWIDs: null }),
  Flocker: pointerTo({ DatasetName: "", DatasetUUID: "" }),
  AzureFile: pointerTo({ SecretName: "", ShareName: "", ReadOnly: false, SecretNamespace: null }),
  VsphereVolume: pointerTo({
    VolumePath: "",
    FSType: "",
    StoragePolicyName: "",
    StoragePolicyID: "",
  }),
  AzureDisk: pointerTo({
    DiskName: "",
    DataDiskURI: "",
    CachingMode: "ReadWrite",
    FSType: "ext4",
    ReadOnly: false,
    Kind: "Shared",
  }),
  PhotonPersistentDisk: pointerTo({ PdID: "", FSType: "" }),
  PortworxVolume: pointerTo({ VolumeID: "", FSType: "", ReadOnly: false }),
  ScaleIO: pointerTo({
    Gateway: "",
    System: "",
    SecretRef: SECRET,
    SSLEnabled: false,
    ProtectionDomain: "",
    StoragePool: "",
    StorageMode: "ThinProvisioned",
    VolumeName: "",
    FSType: "xfs",
    ReadOnly: false,
  }),
  Local: pointerTo({ Path: "", FSType: null }),
  StorageOS: pointerTo({
    VolumeName: "",
    VolumeNamespace: "",
    FSType: "",
    ReadOnly: false,
    SecretRef: OBJECT,
  }),
  CSI: pointerTo({
    Driver: "",
    VolumeHandle: "",
    ReadOnly: false,
    FSType: "",
    VolumeAttributes: null,
    ControllerPublishSecretRef: SECRET,
    NodeStageSecretRef: SECRET,
    NodePublishSecretRef: SECRET,
    ControllerExpandSecretRef: SECRET,
    NodeExpandSecretRef: SECRET,
  }),
};

export function sourceChange(spec: Scope, before: Scope): readonly StatusCause[] {
  const now = printStruct(SOURCES, withoutNewSecret(spec, before));
  const old = printStruct(SOURCES, before);
  if (deepEqual(now, old)) return [];
  const text = "spec.persistentvolumesource is immutable after creation";
  const diff = printDiff(JSON.stringify(old, undefined, 1), JSON.stringify(now, undefined, 1));
  return [forbiddenField("spec.persistentvolumesource", `${text}\n${diff}`)];
}

/** A driver may get the secret for growing volumes later. */
function withoutNewSecret(spec: Scope, before: Scope): Scope {
  const { csi } = before;
  const isNew = isRecord(csi) && csi["controllerExpandSecretRef"] === undefined;
  if (!isNew || !isRecord(spec["csi"])) return spec;
  const { controllerExpandSecretRef: _new, ...rest } = recordAt(spec, "csi");
  return { ...spec, csi: rest };
}
