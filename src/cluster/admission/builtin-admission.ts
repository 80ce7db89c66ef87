// The admission plug-ins that the built-in controllers rely on, in the order of the real server
// (pkg/kubeapiserver/options/plugins.go).

import type { AdmissionPlugin } from "../../kubernetes/index.ts";
import type { Store } from "../store/index.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerations } from "./default-tolerations.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { podPriority } from "./pod-priority.ts";
import { storageProtection } from "./storage-protection.ts";

export function builtinAdmission(store: Store): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle((name) => store.get({ resource: "/namespaces", namespace: "", name })),
    defaultTolerations,
    podPriority(() => store.list({ resource: "scheduling.k8s.io/priorityclasses" })),
    defaultStorageClass(() => store.list({ resource: "storage.k8s.io/storageclasses" })),
    storageProtection,
  ];
}
