// A claim may grow when it is bound and its class allows it.
// Mirrors plugin/pkg/admission/storage/persistentvolume/resize (PersistentVolumeClaimResize).

import { compareQuantities, ZERO_QUANTITY } from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import { admissionForbidden, isFor, readQuantities } from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  ResourceList,
} from "../../kubernetes/index.ts";

interface Claim {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: ResourceList };
  };
  readonly status?: { readonly phase?: string };
}

export const claimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  handles: (subject) => subject.operation === "UPDATE" && isFor(subject, "persistentvolumeclaims"),
  validate(request) {
    const { object, oldObject } = request;
    if (object === undefined || oldObject === undefined) return;
    if (compareQuantities(sizeOf(object), sizeOf(oldObject)) <= 0) return;
    if ((oldObject as Claim).status?.phase !== "Bound") {
      throw admissionForbidden(request, "Only bound persistent volume claims can be expanded");
    }
    if (!mayGrow(request, object, oldObject)) {
      const why =
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
      throw admissionForbidden(request, why);
    }
  },
};

function sizeOf(claim: KubernetesObject): Quantity {
  const { requests } = (claim as Claim).spec?.resources ?? {};
  return readQuantities(requests).get("storage") ?? ZERO_QUANTITY;
}

function mayGrow(
  { live }: AdmissionRequest,
  claim: KubernetesObject,
  old: KubernetesObject,
): boolean {
  const name = classOf(claim);
  if (name === "" || name !== classOf(old)) return false;
  const ref = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name };
  return live.get(ref)?.["allowVolumeExpansion"] === true;
}

function classOf({ metadata, ...claim }: KubernetesObject): string {
  const old = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
  return old ?? (claim as Claim).spec?.storageClassName ?? "";
}
