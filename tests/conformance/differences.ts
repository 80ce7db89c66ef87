// Recorded cases that the embedded cluster answers differently, each with its reason. The suite fails when a case that
// is not listed differs, and when a listed one has become equal: then its line goes.

const NO_AUTHORISATION = "not yet: everybody with credentials may do everything";
const NO_POLICIES = "not yet: admission policies are kept and not evaluated";

export const DIFFERENCES: Readonly<Record<string, string>> = {
  "rbac/deny": NO_AUTHORISATION,
  "rbac/allow-role": NO_AUTHORISATION,
  "rbac/resource-names": NO_AUTHORISATION,
  "rbac/default-roles": NO_AUTHORISATION,
  "rbac/subject-access-review": NO_AUTHORISATION,
  "rbac/self-reviews": NO_AUTHORISATION,
  "table/rbac-kinds": "not yet: the default roles are not there",
  "health/version": "not yet: the version names the product",
  "health/no-credentials": "not yet: anonymous requests are not told from forbidden ones",

  "admission-policy/refusal": NO_POLICIES,
  "admission-policy/errors": NO_POLICIES,

  "validation/pod-update-forbidden": "not yet: a changed pod spec is refused in other words",
  "validation/pvc": "not yet: a changed claim spec is refused in other words",

  "kubectl/describe-pod": "not yet: a pod without token volume is described differently",
};

/** Recorded with kubectl 1.36; what an older one lacks or says in other words is nothing the server could answer for. */
export const KUBECTL_MINOR: Readonly<Record<string, { minor: number; reason: string }>> = {
  "kubectl/logs-exec": { minor: 36, reason: "what it says about a refused exec" },
  "kubectl/create-commands": { minor: 34, reason: "kubectl autoscale --cpu" },
};
