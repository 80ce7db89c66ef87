// The plug-ins that are on by default in kube-apiserver 1.36 (pkg/kubeapiserver/options/plugins.go); the chain puts them in
// their order.

import type { AdmissionPlugin } from "../../kubernetes/index.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerations } from "./default-tolerations.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { podPriority } from "./pod-priority.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";
import { storageProtection } from "./storage-protection.ts";

export function builtinAdmission(): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle,
    podPriority,
    defaultTolerations,
    defaultStorageClass,
    storageProtection,
    podTopologyLabels,
  ];
}
