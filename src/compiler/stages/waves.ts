// The order in which the kinds of one Application make sense: what others rely on first, what takes traffic last.
// Argo CD sorts kinds inside a wave much like this (gitops-engine pkg/sync/sync_tasks.go).

const ORDER: readonly (readonly string[])[] = [
  ["Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass"],
  [
    "ResourceQuota",
    "LimitRange",
    "NetworkPolicy",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "SealedSecret",
    "PersistentVolume",
    "PersistentVolumeClaim",
  ],
  [],
  ["Service", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "PodDisruptionBudget"],
  ["HorizontalPodAutoscaler", "Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute"],
];

/** Custom resources that configure a controller come before the workloads that use what it makes. */
const OTHER = 2;

/** Default order of a kind inside its Application; 0 comes first. */
export function defaultWave(kind: string): number {
  return WAVES.get(kind) ?? OTHER;
}

const WAVES = new Map(ORDER.flatMap((kinds, wave) => kinds.map((kind) => [kind, wave] as const)));
