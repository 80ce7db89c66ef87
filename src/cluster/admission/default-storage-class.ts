// A claim that names no class gets the default one when it is made; `""` asks for none.
// Mirrors plugin/pkg/admission/storage/storageclass/setdefault, v1.36.

import { isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin } from "../../kubernetes/index.ts";
import { newestDefault } from "./newest-default.ts";

const STORAGE_CLASS = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, "persistentvolumeclaims"),
  mutate(request) {
    const { object, live } = request;
    if (object === undefined) return object;
    const spec = (object["spec"] ?? {}) as { readonly storageClassName?: string };
    if (spec.storageClassName !== undefined) return object;
    const preset = newestDefault(live.list(STORAGE_CLASS), DEFAULT_CLASS);
    if (preset === undefined) return object;
    return { ...object, spec: { ...spec, storageClassName: preset.metadata.name } };
  },
};
