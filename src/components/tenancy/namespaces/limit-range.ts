// Requests and limits for containers that state none. With a quota on both, such a pod would otherwise be rejected.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import type { NamespacesOptions } from "./options.ts";

export function limitRange(
  { platform }: PlannedCluster,
  namespace: string,
  { defaults }: NamespacesOptions,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: {
      name: "container-defaults",
      namespace,
      labels: systemLabels(platform, "namespaces", "limits"),
    },
    spec: {
      limits: [{ type: "Container", defaultRequest: defaults.requests, default: defaults.limits }],
    },
  };
}
