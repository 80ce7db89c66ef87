// A node (a user of the group system:nodes) writes only what is its own: its Node, the pods bound to it, its lease and the
// tokens of its pods. Mirrors plugin/pkg/admission/noderestriction @v1.36; requests of anybody else pass.

import { deepEqual } from "../../../core/index.ts";
import { admissionForbidden, statusError } from "../../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  Pod,
  UserInfo,
} from "../../../kubernetes/index.ts";
import { nodeFault } from "./own-node.ts";
import { mirrorPodFault } from "./own-mirror-pods.ts";

type Rule = (node: string, request: AdmissionRequest) => string | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  pods: podFault,
  "pods/status": podStatusFault,
  "pods/eviction": evictionFault,
  nodes: nodeFault,
  "nodes/status": nodeFault,
  "serviceaccounts/token": tokenFault,
  "leases.coordination.k8s.io": leaseFault,
  "csinodes.storage.k8s.io": csiNodeFault,
  persistentvolumeclaims: () => "may only update PVC status",
};

export const nodeRestriction: AdmissionPlugin = {
  name: "NodeRestriction",
  // Upstream decides before anything else has changed the object.
  mutate(request) {
    const node = nodeOf(request.user);
    if (node === undefined) return request.object;
    if (node === "") {
      throw admissionForbidden(
        request,
        `could not determine node from user "${request.user.name}"`,
      );
    }
    const { facts, subresource } = request;
    const resource = facts.group === "" ? facts.resource : `${facts.resource}.${facts.group}`;
    const path = subresource === "" ? resource : `${resource}/${subresource}`;
    const fault =
      resource === "pods" && RULES[path] === undefined
        ? `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`
        : RULES[path]?.(node, request);
    if (fault !== undefined) throw admissionForbidden(request, fault);
    return request.object;
  },
};

const PREFIX = "system:node:";

/** Undefined for others; empty for a node without a name. */
function nodeOf({ name, groups }: UserInfo): string | undefined {
  if (!groups.includes("system:nodes")) return undefined;
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : "";
}

function podFault(node: string, request: AdmissionRequest): string | undefined {
  const { operation, object, oldObject } = request;
  if (operation === "CREATE") return object && mirrorPodFault(node, object as Pod, request);
  if (operation !== "DELETE") {
    return `unexpected operation "${operation}", node "${node}" can only create and delete mirror pods`;
  }
  return boundTo(oldObject) === node
    ? undefined
    : `node "${node}" can only delete pods with spec.nodeName set to itself`;
}

function boundTo(pod: KubernetesObject | undefined): string {
  return (pod as Pod | undefined)?.spec.nodeName ?? "";
}

function podStatusFault(node: string, { object, oldObject }: AdmissionRequest): string | undefined {
  if (boundTo(oldObject) !== node) {
    return `node "${node}" can only update pod status for pods with spec.nodeName set to itself`;
  }
  return deepEqual(object?.metadata.labels ?? {}, oldObject?.metadata.labels ?? {})
    ? undefined
    : `node "${node}" cannot update labels through pod status`;
}

function evictionFault(node: string, request: AdmissionRequest): string | undefined {
  const pod = podNamed(request, request.name);
  return boundTo(pod) === node
    ? undefined
    : `node ${node} can only evict pods with spec.nodeName set to itself`;
}

function podNamed({ live, namespace }: AdmissionRequest, name: string): KubernetesObject {
  const pod = live.get({ apiVersion: "v1", kind: "Pod", namespace, name });
  if (pod === undefined) {
    throw statusError("NotFound", `pods "${name}" not found`, { name, kind: "pods" });
  }
  return pod;
}

interface BoundReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

function tokenFault(node: string, request: AdmissionRequest): string | undefined {
  if (request.operation !== "CREATE") return undefined;
  const spec = (request.object?.["spec"] ?? {}) as { readonly boundObjectRef?: BoundReference };
  const { apiVersion, kind, name = "", uid = "" } = spec.boundObjectRef ?? {};
  if (apiVersion !== "v1" || kind !== "Pod" || name === "") {
    return "node requested token not bound to a pod";
  }
  if (uid === "") return "node requested token with a pod binding without a uid";
  const pod = podNamed(request, name);
  if (pod.metadata.uid !== uid) {
    return `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  }
  return boundTo(pod) === node
    ? undefined
    : "node requested token bound to a pod scheduled on a different node";
}

function leaseFault(node: string, request: AdmissionRequest): string | undefined {
  if (request.namespace !== "kube-node-lease") {
    return 'can only access leases in the "kube-node-lease" system namespace';
  }
  const name = request.name || request.object?.metadata.name;
  return name === node
    ? undefined
    : "can only access node lease with the same name as the requesting node";
}

function csiNodeFault(node: string, request: AdmissionRequest): string | undefined {
  const name = request.name || request.object?.metadata.name;
  return name === node
    ? undefined
    : "can only access CSINode with the same name as the requesting node";
}
