// The order in which kustomize prints: its "legacy" order, by kind, then group and version, then namespace and name.
// After api/internal/builtins/SortOrderTransformer.go of v5.5.0.

import { groupVersionOf, idOf, type Resource } from "./resource.ts";

const FIRST = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const LAST = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const RANKS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((kind, index) => [kind, index - FIRST.length] as const),
  ...LAST.map((kind, index) => [kind, index + 1] as const),
]);

export function sortResources(resources: readonly Resource[]): Resource[] {
  const keyed = resources.map((resource) => ({ resource, ...keyOf(resource) }));
  keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ resource }) => resource);
}

/** `~` sorts what is absent behind what is there. */
function keyOf(resource: Resource): { readonly rank: number; readonly key: string } {
  const id = idOf(resource);
  const { group, version } = groupVersionOf(id);
  const gvk = [group || "~G", version, id.kind].join("_");
  const key = `${gvk}|${id.namespace ?? "~X"}|${id.name}`;
  return { rank: RANKS.get(id.kind) ?? 0, key };
}
