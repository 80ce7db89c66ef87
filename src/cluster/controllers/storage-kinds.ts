// Claims, volumes and classes as the volume controllers read them.

import type {
  Condition,
  KindToken,
  KubernetesObject,
  LabelSelector,
  NodeSelectorTerm,
  ResourceList,
} from "../../kubernetes/index.ts";

/** Annotation of a claim: the driver that is asked for a volume. */
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
/** Annotation of a claim: the node its first consumer will run on. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** Annotation of a volume: the driver that made it. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
/** Annotation of what the binder chose itself. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
/** Annotation of a claim whose volume is settled. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

export interface PersistentVolumeClaim extends KubernetesObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: ResourceList };
    readonly selector?: LabelSelector;
  };
  readonly status?: {
    readonly phase?: "Pending" | "Bound" | "Lost";
    readonly accessModes?: readonly string[];
    readonly capacity?: ResourceList;
    readonly conditions?: readonly ClaimCondition[];
    /** What the claim may have once it has grown. */
    readonly allocatedResources?: ResourceList;
    readonly allocatedResourceStatuses?: Readonly<Record<string, string>>;
  };
}

export interface ClaimCondition extends Condition {
  readonly lastProbeTime?: string | null;
}

export interface ClaimReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface PersistentVolume extends KubernetesObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly capacity?: ResourceList;
    readonly csi?: { readonly driver: string; readonly volumeHandle: string };
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly claimRef?: ClaimReference;
    readonly persistentVolumeReclaimPolicy?: "Retain" | "Delete" | "Recycle";
    readonly nodeAffinity?: {
      readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
    };
  };
  readonly status?: { readonly phase?: string };
}

export interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: "Retain" | "Delete";
  readonly volumeBindingMode?: "Immediate" | "WaitForFirstConsumer";
  readonly allowVolumeExpansion?: boolean;
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly {
      readonly key: string;
      readonly values: readonly string[];
    }[];
  }[];
}

export const PERSISTENT_VOLUME_CLAIM: KindToken<PersistentVolumeClaim> = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
};
export const PERSISTENT_VOLUME: KindToken<PersistentVolume> = {
  apiVersion: "v1",
  kind: "PersistentVolume",
};
export const STORAGE_CLASS: KindToken<StorageClass> = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
};
