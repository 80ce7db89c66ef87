// Which file an object goes to: one file for each workload or Service, and one for each concern that comes in many small
// pieces. A name depends on its own object only, so that adding one never renames another.

import type { KubernetesObject } from "../../kubernetes/index.ts";

/** Kinds whose objects are read together. */
const GROUPED: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  ResourceQuota: "quotas",
  LimitRange: "quotas",
  NetworkPolicy: "network-policies",
  ServiceAccount: "service-accounts",
  Role: "rbac",
  RoleBinding: "rbac",
  ClusterRole: "rbac",
  ClusterRoleBinding: "rbac",
  Secret: "secrets",
  SealedSecret: "sealed-secrets",
  ExternalSecret: "external-secrets",
};

/** Words of kinds people write differently from the kind's own capitals. */
const WORDS: Readonly<Record<string, string>> = {
  HTTPRoute: "http-route",
  GRPCRoute: "grpc-route",
  TLSRoute: "tls-route",
  IPAddressPool: "ip-address-pool",
  L2Advertisement: "l2-advertisement",
};

/**
 * `deployment.yaml` for the Deployment named like its folder, `deployment-redis.yaml` for another, `rbac.yaml` for all
 * rights of the folder. Policies of an infrastructure folder are split by the namespace they protect.
 */
export function fileNameOf(object: KubernetesObject, area: string): string {
  const owner = area.slice(area.lastIndexOf("/") + 1);
  const { name, namespace } = object.metadata;
  const grouped = GROUPED[object.kind];
  if (grouped !== undefined) {
    const split = object.kind === "NetworkPolicy" && area.startsWith("infrastructure/");
    return `${grouped}${split ? `-${namespace ?? ""}` : ""}.yaml`;
  }
  return `${wordsOf(object.kind)}${name === owner ? "" : `-${name}`}.yaml`;
}

/** `HorizontalPodAutoscaler` → `horizontal-pod-autoscaler`. */
export function wordsOf(kind: string): string {
  return WORDS[kind] ?? kind.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
