// The kinds kustomize has schemas for. Versions 4.5 to 5.8 carry the OpenAPI of Kubernetes 1.21.2 (kyaml
// openapi/kubernetesapi), so newer kinds and fields merge like custom ones: lists are replaced, and every kind counts as
// namespaced. Facts from kyaml/openapi/openapi.go `precomputedIsNamespaceScoped`.

import { builtinKinds, type FieldSchema, type KindRef } from "../kubernetes/index.ts";

/** `*` marks what is cluster-scoped. */
const KNOWN: Readonly<Record<string, string>> = {
  v1: "ConfigMap Endpoints Event LimitRange Namespace* Node* PersistentVolume* PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
  "admissionregistration.k8s.io/v1":
    "MutatingWebhookConfiguration* ValidatingWebhookConfiguration*",
  "apiextensions.k8s.io/v1": "CustomResourceDefinition*",
  "apiregistration.k8s.io/v1": "APIService*",
  "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  "autoscaling/v1": "HorizontalPodAutoscaler",
  "batch/v1": "CronJob Job",
  "certificates.k8s.io/v1": "CertificateSigningRequest*",
  "coordination.k8s.io/v1": "Lease",
  "discovery.k8s.io/v1": "EndpointSlice",
  "events.k8s.io/v1": "Event",
  "networking.k8s.io/v1": "Ingress IngressClass* NetworkPolicy",
  "node.k8s.io/v1": "RuntimeClass*",
  "policy/v1": "PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1": "ClusterRole* ClusterRoleBinding* Role RoleBinding",
  "scheduling.k8s.io/v1": "PriorityClass*",
  "storage.k8s.io/v1": "CSIDriver* CSINode* StorageClass* VolumeAttachment*",
};

/** `true` for cluster-scoped; by `apiVersion/kind`. */
const CLUSTER_SCOPED: ReadonlyMap<string, boolean> = new Map(
  Object.entries(KNOWN).flatMap(([apiVersion, kinds]) =>
    kinds
      .split(" ")
      .map((kind) => [`${apiVersion}/${kind.replace("*", "")}`, kind.endsWith("*")] as const),
  ),
);

export function isClusterScoped({ apiVersion, kind }: KindRef): boolean {
  return CLUSTER_SCOPED.get(`${apiVersion}/${kind}`) ?? false;
}

/** How a list's items are matched, or `undefined` when a patch replaces the list. */
export type ListKeys = readonly string[] | undefined;

/** The schema that guides a merge; `undefined` for kinds kustomize does not know. */
export function mergeSchemaOf({ apiVersion, kind }: KindRef): FieldSchema | undefined {
  if (!CLUSTER_SCOPED.has(`${apiVersion}/${kind}`)) return undefined;
  return builtinKinds().find(apiVersion, kind)?.schema;
}

/** Keyed lists that came after 1.21.2. */
const NEWER_LISTS: ReadonlySet<string> = new Set([
  "allocatedResourcesStatus",
  "hostIPs",
  "matchConditions",
  "resourceClaimStatuses",
  "resourceClaims",
  "schedulingGates",
]);

/** The schema of a record's member, without what came later. */
export function memberOf(schema: FieldSchema | undefined, name: string): FieldSchema | undefined {
  if (NEWER_LISTS.has(name)) return undefined;
  return schema?.properties?.[name] ?? schema?.additionalProperties;
}

/** Empty for a merged list of scalars, such as finalizers. */
export function listKeysOf(schema: FieldSchema | undefined): ListKeys {
  const strategies = schema?.patchStrategy?.split(",") ?? [];
  if (schema === undefined || !strategies.includes("merge")) return undefined;
  const { listMapKeys = [], patchMergeKey } = schema;
  if (listMapKeys.length > 0) return listMapKeys;
  return patchMergeKey === undefined ? [] : [patchMergeKey];
}
