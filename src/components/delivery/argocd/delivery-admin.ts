// Rights of `delivery-admin` on the cluster: Argo CD's own kinds in its namespace, and reading what its pods say.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedRole } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";

const RBAC = "rbac.authorization.k8s.io";
const ROLE = "delivery-admin";

export function deliveryAdminRole({ platform }: PlannedCluster): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "Role",
    metadata: {
      name: ROLE,
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "access"),
    },
    rules: [
      {
        apiGroups: ["argoproj.io"],
        resources: ["applications", "applicationsets", "appprojects"],
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
      },
      {
        apiGroups: [""],
        resources: ["events", "pods", "pods/log"],
        verbs: ["get", "list", "watch"],
      },
    ],
  };
}

export function deliveryAdminBinding(
  { platform }: PlannedCluster,
  { name, groups }: PlannedRole,
): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "RoleBinding",
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "access"),
    },
    roleRef: { apiGroup: RBAC, kind: "Role", name: ROLE },
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: "Group", name: group })),
  };
}
