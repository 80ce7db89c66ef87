// A binding must name a role that exists and service accounts that exist.

import type { Diagnostic } from "../../core/index.ts";
import { checkReference } from "../missing-reference.ts";
import { plainText, recordOf, recordsIn } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

/** Roles every cluster has (kubernetes pkg/registry/rbac bootstrap policy), besides `system:` ones. */
const BUILT_IN = new Set(["cluster-admin", "admin", "edit", "view"]);

export const checkRoleReferences: Check = function* (view) {
  for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
    for (const binding of view.ofKind(kind)) {
      yield* checkRole(binding, view);
      yield* checkAccounts(binding, view);
    }
  }
};

function checkRole(binding: SeenObject, view: TargetView): readonly Diagnostic[] {
  const { kind, name } = recordOf(binding.object["roleRef"]);
  const role = String(name);
  if (kind === "ClusterRole" && (BUILT_IN.has(role) || role.startsWith("system:"))) return [];
  const reference = { from: binding, field: "roleRef", kind: String(kind), name: role };
  const { namespace } = binding.object.metadata;
  const scoped = kind === "Role" && namespace !== undefined;
  return checkReference(view, scoped ? { ...reference, namespace } : reference);
}

function checkAccounts(binding: SeenObject, view: TargetView): readonly Diagnostic[] {
  const accounts = recordsIn(binding.object["subjects"]).filter(
    (subject) => subject["kind"] === "ServiceAccount" && subject["name"] !== "default",
  );
  return accounts.flatMap((subject) => {
    const name = String(subject["name"]);
    const namespace = plainText(subject["namespace"] ?? binding.object.metadata.namespace);
    if (isChartAccount(name, namespace, view)) return [];
    return checkReference(view, {
      from: binding,
      field: "subjects",
      kind: "ServiceAccount",
      name,
      namespace,
    });
  });
}

/** Charts make the accounts of their own workloads. */
function isChartAccount(name: string, namespace: string, { graph }: TargetView): boolean {
  return graph.workloads.some(
    (workload) => workload.serviceAccount === name && workload.namespace === namespace,
  );
}
