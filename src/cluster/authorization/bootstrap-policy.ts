// The roles and bindings every cluster has from the start, rebuilt from facts.
// Mirrors kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy.

import { RBAC_GROUP } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { BOOTSTRAP_BINDINGS, BOOTSTRAP_ROLES } from "./bootstrap-policy.facts.ts";

const API_VERSION = `${RBAC_GROUP}/v1`;
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

/** `false` on an existing object keeps it as it is. */
export const AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

/** ClusterRoles first, as they are created. */
export function bootstrapRoles(): readonly KubernetesObject[] {
  const roles: { readonly head: string; readonly rules: string[] }[] = [];
  for (const line of linesOf(BOOTSTRAP_ROLES)) {
    if (line.startsWith(" ")) roles.at(-1)?.rules.push(line.slice(1));
    else roles.push({ head: line, rules: [] });
  }
  return roles.map(({ head, rules }) => roleOf(head, rules));
}

export function bootstrapBindings(): readonly KubernetesObject[] {
  return linesOf(BOOTSTRAP_BINDINGS).map(bindingOf);
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** `[namespace/]name[ >role it aggregates to][ <role it gathers]`. */
function roleOf(head: string, rules: readonly string[]): KubernetesObject {
  const [name = "", ...aggregations] = head.split(" ");
  const marked = (mark: string): readonly (readonly [string, string])[] =>
    aggregations
      .filter((word) => word.startsWith(mark))
      .map((word) => [`${AGGREGATE}${word.slice(1)}`, "true"] as const);
  const gathered = marked("<");
  const selectors = gathered.map((label) => ({ matchLabels: Object.fromEntries([label]) }));
  return {
    ...objectOf("Role", name, Object.fromEntries(marked(">"))),
    rules: gathered.length > 0 ? null : rules.map(ruleOf),
    ...(gathered.length > 0 ? { aggregationRule: { clusterRoleSelectors: selectors } } : {}),
  };
}

/** `verbs groups resources[ names]`, or `verbs urls`. */
function ruleOf(text: string): Readonly<Record<string, readonly string[]>> {
  const [verbs = [], first = [], resources, resourceNames] = text
    .split(" ")
    .map((list) => list.split(","));
  if (resources === undefined) return { verbs, nonResourceURLs: first };
  const apiGroups = first.map((group) => (group === "-" ? "" : group));
  return { verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) };
}

/** `[namespace/]name Kind/role`, then its subjects. */
function bindingOf(line: string): KubernetesObject {
  const [name = "", role = "", ...subjects] = line.split(" ");
  const [kind, roleName] = role.split("/");
  return {
    ...objectOf("RoleBinding", name, {}),
    roleRef: { apiGroup: RBAC_GROUP, kind, name: roleName },
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subjectOf) }),
  };
}

/** `Kind:name`, or `ServiceAccount:namespace/name`. */
function subjectOf(text: string): Readonly<Record<string, string>> {
  const colon = text.indexOf(":");
  const kind = text.slice(0, colon);
  const full = text.slice(colon + 1);
  if (kind !== "ServiceAccount") return { kind, apiGroup: RBAC_GROUP, name: full };
  const [namespace = "", name = ""] = full.split("/");
  return { kind, name, namespace };
}

function objectOf(
  kind: "Role" | "RoleBinding",
  fullName: string,
  labels: Readonly<Record<string, string>>,
): KubernetesObject {
  const slash = fullName.indexOf("/");
  const namespace = slash < 0 ? {} : { namespace: fullName.slice(0, slash) };
  return {
    apiVersion: API_VERSION,
    kind: slash < 0 ? `Cluster${kind}` : kind,
    metadata: {
      name: fullName.slice(slash + 1),
      ...namespace,
      labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
      annotations: { [AUTOUPDATE]: "true" },
    },
  };
}
