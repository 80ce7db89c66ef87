// What subjects may do that leads further than their role says: the known ways up in Kubernetes' RBAC good practices
// (kubernetes.io/docs/concepts/security/rbac-good-practices, "privilege escalation risks").

import { recordOf, recordsIn } from "./pod-template.ts";
import type { SeenObject, TargetView } from "./target-view.ts";

export interface Grant {
  /** `Group harbour:developers` or `ServiceAccount argocd/argocd-server`. */
  readonly subject: string;
  readonly kind: string;
  readonly name: string;
  readonly binding: SeenObject;
  /** Undefined for a right in the whole cluster. */
  readonly namespace: string | undefined;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Every right our objects give, one row for each subject and binding. */
export function grantsOf(view: TargetView): Grant[] {
  const bindings = [...view.ofKind("RoleBinding"), ...view.ofKind("ClusterRoleBinding")];
  return bindings.flatMap((binding) => {
    const { namespace } = binding.object.metadata;
    const rules = rulesOf(binding, view);
    return recordsIn(binding.object["subjects"]).map((subject) => {
      const place = typeof subject["namespace"] === "string" ? `${subject["namespace"]}/` : "";
      const kind = String(subject["kind"]);
      const name = `${place}${String(subject["name"])}`;
      return { subject: `${kind} ${name}`, kind, name, binding, namespace, rules };
    });
  });
}

const EVERYTHING: Rule = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };

/** The dangerous part of roles every cluster has; the rest of them is reading and ordinary work. */
const BUILT_IN: Readonly<Record<string, readonly Rule[]>> = {
  "cluster-admin": [EVERYTHING],
  admin: [
    { apiGroups: [""], resources: ["secrets", "pods", "pods/exec"], verbs: ["*"] },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["rolebindings", "roles"],
      verbs: ["create"],
    },
  ],
  edit: [
    { apiGroups: [""], resources: ["secrets", "pods", "pods/exec"], verbs: ["*"] },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
  ],
  view: [],
};

function rulesOf({ object }: SeenObject, view: TargetView): readonly Rule[] {
  const { kind, name } = recordOf(object["roleRef"]);
  const { namespace } = object.metadata;
  const role = view.find(String(kind), String(name), kind === "Role" ? namespace : undefined);
  if (role === undefined) return BUILT_IN[String(name)] ?? [];
  return recordsIn(role.object["rules"]).map((rule) => ({
    apiGroups: textsIn(rule["apiGroups"]),
    resources: textsIn(rule["resources"]),
    verbs: textsIn(rule["verbs"]),
  }));
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

interface WayUp {
  readonly why: string;
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

const RBAC = "rbac.authorization.k8s.io";

/** Rights that let their holder take others, wherever they are given. */
const WAYS_UP: readonly WayUp[] = [
  { why: "may widen roles", group: RBAC, resource: "clusterroles", verbs: ["escalate"] },
  { why: "may widen roles", group: RBAC, resource: "roles", verbs: ["escalate"] },
  {
    why: "may bind roles it does not hold",
    group: RBAC,
    resource: "clusterroles",
    verbs: ["bind"],
  },
  { why: "may bind roles it does not hold", group: RBAC, resource: "roles", verbs: ["bind"] },
  { why: "may act as others", group: "", resource: "users", verbs: ["impersonate"] },
  { why: "may act as others", group: "", resource: "groups", verbs: ["impersonate"] },
  {
    why: "may act as service accounts",
    group: "",
    resource: "serviceaccounts",
    verbs: ["impersonate"],
  },
  {
    why: "may make tokens of service accounts",
    group: "",
    resource: "serviceaccounts/token",
    verbs: ["create"],
  },
  { why: "may reach kubelets", group: "", resource: "nodes/proxy", verbs: ["get", "create"] },
  {
    why: "may approve certificates",
    group: "certificates.k8s.io",
    resource: "certificatesigningrequests/approval",
    verbs: ["update", "patch"],
  },
  {
    why: "may change admission",
    group: "admissionregistration.k8s.io",
    resource: "mutatingwebhookconfigurations",
    verbs: ["create", "update", "patch"],
  },
];

/** Running pods and reading secrets gives the rights of every account of the namespace. */
const WAYS_UP_ON_PLATFORM: readonly WayUp[] = [
  { why: "may run pods beside the platform's", group: "", resource: "pods", verbs: ["create"] },
  {
    why: "may enter the platform's pods",
    group: "",
    resource: "pods/exec",
    verbs: ["create", "get"],
  },
  {
    why: "may read the platform's secrets",
    group: "",
    resource: "secrets",
    verbs: ["get", "list", "watch"],
  },
];

/** Why a grant leads further than it says; empty when it does not. */
export function waysUp(
  grant: Grant,
  isPlatform: (namespace: string | undefined) => boolean,
): string[] {
  const ways = isPlatform(grant.namespace) ? [...WAYS_UP, ...WAYS_UP_ON_PLATFORM] : WAYS_UP;
  const found = ways.filter((way) => grant.rules.some((rule) => allows(rule, way)));
  return [...new Set(found.map(({ why }) => why))];
}

export function allows(rule: Rule, { group, resource, verbs }: Omit<WayUp, "why">): boolean {
  const has = (list: readonly string[], wanted: string): boolean =>
    list.includes("*") || list.includes(wanted);
  return (
    has(rule.apiGroups, group) &&
    has(rule.resources, resource) &&
    verbs.some((verb) => has(rule.verbs, verb))
  );
}
