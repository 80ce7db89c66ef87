// A Namespace object: who lives there, and which Pod Security level it enforces.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedNamespace } from "../../../model/index.ts";
import { TENANCY_LABEL } from "../../manifests/index.ts";

const POD_SECURITY = "pod-security.kubernetes.io";

export function namespaceObject(
  { platform, environment }: PlannedCluster,
  { name, tenancy, podSecurity }: PlannedNamespace,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        "app.kubernetes.io/part-of": platform,
        "keelson.dev/environment": environment,
        [TENANCY_LABEL]: tenancy,
        ...podSecurityLabels(podSecurity),
      },
    },
  };
}

/** Enforced at the level needed; anything above `restricted` is still audited and warned about. */
function podSecurityLabels(level: PlannedNamespace["podSecurity"]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [mode, wanted] of [
    ["enforce", level],
    ["audit", "restricted"],
    ["warn", "restricted"],
  ] as const) {
    labels[`${POD_SECURITY}/${mode}`] = wanted;
    labels[`${POD_SECURITY}/${mode}-version`] = "latest";
  }
  return labels;
}
