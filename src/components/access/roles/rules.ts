// What developers and viewers may do, resource by resource. No wildcards, and nobody but an administrator reads a Secret:
// a person who may list secrets holds every credential of the namespace.

import type { Fields } from "../../manifests/index.ts";

const READ = ["get", "list", "watch"];

const rule = (apiGroups: string[], resources: string[], verbs: string[]): Fields => ({
  apiGroups,
  resources,
  verbs,
});

/** Everything that explains what runs and why, without secrets. */
export const VIEWER_RULES: readonly Fields[] = [
  rule(
    [""],
    [
      "configmaps",
      "endpoints",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "pods/log",
      "resourcequotas",
      "serviceaccounts",
      "services",
    ],
    READ,
  ),
  rule(
    ["apps"],
    ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"],
    READ,
  ),
  rule(["autoscaling"], ["horizontalpodautoscalers"], READ),
  rule(["batch"], ["cronjobs", "jobs"], READ),
  rule(["discovery.k8s.io"], ["endpointslices"], READ),
  rule(["events.k8s.io"], ["events"], READ),
  rule(["gateway.networking.k8s.io"], ["gateways", "httproutes"], READ),
  rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], READ),
  rule(["policy"], ["poddisruptionbudgets"], READ),
];

/** What only exists outside namespaces. */
export const CLUSTER_VIEWER_RULES: readonly Fields[] = [
  rule([""], ["namespaces", "nodes", "persistentvolumes"], READ),
  rule(["gateway.networking.k8s.io"], ["gatewayclasses"], READ),
  rule(["storage.k8s.io"], ["storageclasses"], READ),
];

/**
 * On top of viewing: delete a pod so that a new one starts, scale by hand in an emergency, reach a port. Changes go through
 * git. Whoever may change a pod template or create a Job can mount any secret beside it, so neither is granted.
 */
export const DEVELOPER_RULES: readonly Fields[] = [
  ...VIEWER_RULES,
  rule([""], ["pods"], ["delete"]),
  rule([""], ["pods/portforward"], ["create"]),
  rule(["apps"], ["deployments/scale"], ["get", "patch", "update"]),
];
