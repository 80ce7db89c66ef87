// Claims and volumes are born with a finalizer, so that they outlive their users. Mirrors
// plugin/pkg/admission/storage/storageobjectinuseprotection; volume-protection.ts removes the finalizers.

import type { AdmissionPlugin } from "../../kubernetes/index.ts";

const FINALIZERS: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: "kubernetes.io/pvc-protection",
  PersistentVolume: "kubernetes.io/pv-protection",
};

export const storageProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  mutate({ facts, operation, subresource, object }) {
    const finalizer = facts.group === "" ? FINALIZERS[facts.kind] : undefined;
    const isNew = operation === "CREATE" && subresource === "";
    if (finalizer === undefined || !isNew || object === undefined) return object;
    const { finalizers = [] } = object.metadata;
    if (finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
