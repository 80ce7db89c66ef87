// Nothing new in a namespace that is absent or being emptied; three namespaces are never deleted.
// Mirrors k8s.io/apiserver pkg/admission/plugin/namespace/lifecycle. Without it, workload controllers would refill a
// namespace as fast as it is emptied.

import { statusError } from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from "../../kubernetes/index.ts";

const IMMORTAL: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** `find` reads the namespace as it is stored now. */
export function namespaceLifecycle(
  find: (name: string) => KubernetesObject | undefined,
): AdmissionPlugin {
  return {
    name: "NamespaceLifecycle",
    validate(request) {
      const { facts, operation, name } = request;
      if (operation === "DELETE" && facts.kind === "Namespace" && IMMORTAL.has(name)) {
        const message = `namespaces "${name}" is forbidden: this namespace may not be deleted`;
        throw statusError("Forbidden", message, { name, kind: "namespaces" });
      }
      if (operation === "CREATE" && facts.namespaced && request.subresource === "") {
        checkNamespace(request, find(request.namespace));
      }
    },
  };
}

function checkNamespace(
  { facts, name, namespace }: AdmissionRequest,
  found: KubernetesObject | undefined,
): void {
  if (found === undefined) {
    const message = `namespaces "${namespace}" not found`;
    throw statusError("NotFound", message, { name: namespace, kind: "namespaces" });
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  const resource = facts.group === "" ? facts.resource : `${facts.resource}.${facts.group}`;
  const message = `${resource} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  throw statusError("Forbidden", message, {
    name,
    ...(facts.group === "" ? {} : { group: facts.group }),
    kind: facts.resource,
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}
