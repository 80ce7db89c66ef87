// ClusterRoles that grant nothing by themselves, and who is bound to them where.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";

const RBAC = "rbac.authorization.k8s.io";

export interface Grant {
  readonly name: string;
  readonly clusterRole: string;
  readonly groups: readonly string[];
  /** Absent: everywhere. */
  readonly namespace?: string;
}

export function clusterRole(
  platform: string,
  name: string,
  rules: readonly Fields[],
): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name, labels: systemLabels(platform, "roles", "access") },
    rules,
  };
}

export function binding(platform: string, grant: Grant): KubernetesObject {
  const { name, namespace, groups } = grant;
  return {
    apiVersion: `${RBAC}/v1`,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: systemLabels(platform, "roles", "access"),
    },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: grant.clusterRole },
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: "Group", name: group })),
  };
}
