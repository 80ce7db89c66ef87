// Nothing new in a namespace that is absent or being emptied; three namespaces are never deleted.
// Mirrors k8s.io/apiserver pkg/admission/plugin/namespace/lifecycle. Without it, workload controllers would refill a
// namespace as fast as it is emptied.

import { admissionForbidden, isFor, statusError } from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from "../../kubernetes/index.ts";

const IMMORTAL: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  handles: ({ operation, facts }) =>
    operation === "CREATE"
      ? facts.namespaced
      : operation === "DELETE" && facts.kind === "Namespace",
  mutate(request) {
    const { operation, name, live, namespace } = request;
    if (operation === "DELETE" && isFor(request, "namespaces") && IMMORTAL.has(name)) {
      throw admissionForbidden(request, "this namespace may not be deleted");
    }
    if (operation === "CREATE") {
      checkNamespace(request, live.get({ apiVersion: "v1", kind: "Namespace", name: namespace }));
    }
    return request.object;
  },
};

function checkNamespace(request: AdmissionRequest, found: KubernetesObject | undefined): void {
  const { namespace } = request;
  if (found === undefined) {
    const message = `namespaces "${namespace}" not found`;
    throw statusError("NotFound", message, { name: namespace, kind: "namespaces" });
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw admissionForbidden(request, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}
