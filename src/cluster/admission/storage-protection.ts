// Claims and volumes are born with a finalizer, so that they outlive their users. Mirrors
// plugin/pkg/admission/storage/storageobjectinuseprotection; volume-protection.ts removes the finalizers.

import type { AdmissionPlugin, KindFacts } from "../../kubernetes/index.ts";

const FINALIZERS: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: "kubernetes.io/pvc-protection",
  PersistentVolume: "kubernetes.io/pv-protection",
};

function finalizerFor({ group, kind }: KindFacts): string | undefined {
  return group === "" ? FINALIZERS[kind] : undefined;
}

export const storageProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  handles: ({ facts, operation, subresource }) =>
    operation === "CREATE" && subresource === "" && finalizerFor(facts) !== undefined,
  mutate({ facts, object }) {
    const finalizer = finalizerFor(facts);
    if (finalizer === undefined || object === undefined) return object;
    const { finalizers = [] } = object.metadata;
    if (finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
