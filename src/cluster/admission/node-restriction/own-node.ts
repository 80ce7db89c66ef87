// What a node may change of its own Node: neither taints nor labels that steer pods.
// Mirrors admitNode of plugin/pkg/admission/noderestriction and pkg/kubelet/apis/well_known_labels.go.

import { deepEqual } from "../../../core/index.ts";
import type { AdmissionRequest, KubernetesObject } from "../../../kubernetes/index.ts";

const OWN_LABELS: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/arch",
  "kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
]);
const OWN_DOMAINS: readonly string[] = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const RESTRICTED = "node-restriction.kubernetes.io";

export function nodeFault(node: string, request: AdmissionRequest): string | undefined {
  const { operation, object, oldObject } = request;
  const name = request.name || object?.metadata.name || "";
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`;
  if (object === undefined) return undefined;
  const forbidden = forbiddenLabels(object, operation === "UPDATE" ? oldObject : undefined);
  if (operation === "CREATE") {
    return forbidden === ""
      ? undefined
      : `node "${node}" is not allowed to set the following labels: ${forbidden}`;
  }
  if (operation !== "UPDATE") return undefined;
  if (!deepEqual(taintsOf(object), taintsOf(oldObject))) {
    return `node "${node}" is not allowed to modify taints`;
  }
  return forbidden === "" ? undefined : `is not allowed to modify labels: ${forbidden}`;
}

function taintsOf(node: KubernetesObject | undefined): unknown {
  return ((node?.["spec"] ?? {}) as { readonly taints?: unknown }).taints ?? [];
}

function forbiddenLabels(node: KubernetesObject, old: KubernetesObject | undefined): string {
  const labels = node.metadata.labels ?? {};
  const before = old?.metadata.labels ?? {};
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(before)])].filter(
    (key) => labels[key] !== before[key],
  );
  return changed.filter(isForbidden).toSorted().join(", ");
}

function isForbidden(key: string): boolean {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const isWithin = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (isWithin(RESTRICTED)) return true;
  const isKubernetes = isWithin("kubernetes.io") || isWithin("k8s.io");
  return isKubernetes && !OWN_LABELS.has(key) && !OWN_DOMAINS.some(isWithin);
}
