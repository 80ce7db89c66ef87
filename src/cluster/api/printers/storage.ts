// Columns of volumes, claims and what provides them.

import { plainText } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { accessModesText, NONE, scalarText, textList, UNSET } from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, column, integer, NAME, nameColumn, text, wide } from "./column.ts";
import type { Printer } from "./column.ts";

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");
const statusOf = (object: KubernetesObject): Scope => recordAt(object, "status");

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_ANNOTATIONS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

const STORAGE_CLASS = text("StorageClass", (object) => {
  const annotated = object.metadata.annotations?.[CLASS_ANNOTATION];
  return annotated ?? textAt(specOf(object), "storageClassName");
});
const ATTRIBUTES_CLASS = text("VolumeAttributesClass", (object) =>
  scalarText(specOf(object)["volumeAttributesClassName"], UNSET),
);
const VOLUME_MODE = wide(
  text("VolumeMode", (object) => scalarText(specOf(object)["volumeMode"], UNSET)),
);
const PHASE = text("Status", (object) =>
  object.metadata.deletionTimestamp === undefined
    ? textAt(statusOf(object), "phase")
    : "Terminating",
);

const VOLUMES: Printer = {
  columns: [
    NAME,
    text("Capacity", (object) => storageIn(specOf(object))),
    text("Access Modes", (object) => accessModesText(specOf(object)["accessModes"])),
    text("Reclaim Policy", (object) => textAt(specOf(object), "persistentVolumeReclaimPolicy")),
    PHASE,
    text("Claim", (object) => {
      const { namespace, name } = recordAt(specOf(object), "claimRef");
      return name === undefined ? "" : `${plainText(namespace)}/${plainText(name)}`;
    }),
    STORAGE_CLASS,
    ATTRIBUTES_CLASS,
    text("Reason", (object) => textAt(statusOf(object), "reason")),
    AGE,
    VOLUME_MODE,
  ],
};

/** Capacity and modes are those of the volume, so an unbound claim has none. */
const isBound = (claim: KubernetesObject): boolean => textAt(specOf(claim), "volumeName") !== "";

const CLAIMS: Printer = {
  columns: [
    NAME,
    PHASE,
    text("Volume", (object) => textAt(specOf(object), "volumeName")),
    text("Capacity", (object) => (isBound(object) ? storageIn(statusOf(object)) : "")),
    text("Access Modes", (object) =>
      isBound(object) ? accessModesText(statusOf(object)["accessModes"]) : "",
    ),
    STORAGE_CLASS,
    ATTRIBUTES_CLASS,
    AGE,
    VOLUME_MODE,
  ],
};

const STORAGE_CLASSES: Printer = {
  columns: [
    nameColumn(nameWithDefault),
    text("Provisioner", (object) => textAt(object, "provisioner")),
    text("ReclaimPolicy", (object) => textAt(object, "reclaimPolicy") || "Delete"),
    text("VolumeBindingMode", (object) => textAt(object, "volumeBindingMode") || "Immediate"),
    text("AllowVolumeExpansion", (object) => object["allowVolumeExpansion"] === true),
    AGE,
  ],
};

const CSI_DRIVERS: Printer = {
  columns: [
    NAME,
    column("AttachRequired", "boolean", (object) => specOf(object)["attachRequired"] !== false),
    column("PodInfoOnMount", "boolean", (object) => specOf(object)["podInfoOnMount"] === true),
    column("StorageCapacity", "boolean", (object) => specOf(object)["storageCapacity"] === true),
    text("TokenRequests", (object) => {
      const audiences = recordsAt(specOf(object), "tokenRequests").map(({ audience }) => audience);
      return audiences.length === 0 ? UNSET : audiences.join(",");
    }),
    column(
      "RequiresRepublish",
      "boolean",
      (object) => specOf(object)["requiresRepublish"] === true,
    ),
    text("Modes", (object) => {
      const modes = textList(specOf(object)["volumeLifecycleModes"]);
      return modes.length === 0 ? NONE : modes.join(",");
    }),
    AGE,
  ],
};

const ATTACHMENTS: Printer = {
  columns: [
    NAME,
    text("Attacher", (object) => textAt(specOf(object), "attacher")),
    text("PV", (object) => textAt(recordAt(specOf(object), "source"), "persistentVolumeName")),
    text("Node", (object) => textAt(specOf(object), "nodeName")),
    column("Attached", "boolean", (object) => statusOf(object)["attached"] === true),
    AGE,
  ],
};

export const STORAGE_PRINTERS: Readonly<Record<string, Printer>> = {
  "/persistentvolumes": VOLUMES,
  "/persistentvolumeclaims": CLAIMS,
  "storage.k8s.io/storageclasses": STORAGE_CLASSES,
  "storage.k8s.io/volumeattributesclasses": {
    columns: [NAME, text("DriverName", (object) => textAt(object, "driverName")), AGE],
  },
  "storage.k8s.io/volumeattachments": ATTACHMENTS,
  "storage.k8s.io/csidrivers": CSI_DRIVERS,
  "storage.k8s.io/csinodes": {
    columns: [
      NAME,
      integer("Drivers", (object) => recordsAt(specOf(object), "drivers").length),
      AGE,
    ],
  },
  "storage.k8s.io/csistoragecapacities": {
    columns: [
      NAME,
      text("StorageClassName", (object) => textAt(object, "storageClassName")),
      text("Capacity", (object) => scalarText(object["capacity"], UNSET)),
    ],
  },
};

function storageIn(scope: Scope): string {
  return scalarText(recordAt(scope, "capacity")["storage"], "");
}

function nameWithDefault({ metadata }: KubernetesObject): string {
  const isDefault = DEFAULT_ANNOTATIONS.some((key) => metadata.annotations?.[key] === "true");
  return isDefault ? `${metadata.name} (default)` : metadata.name;
}
