// Short ways to write rules, bindings and questions, and a source over plain lists, for tests.

import type { RequestAttributes } from "../../authorization.ts";
import type { Binding, PolicyRule, Subject } from "../policy.ts";
import type { RoleSource } from "../resolve-rules.ts";

export function rule(parts: Partial<PolicyRule>): PolicyRule {
  const none = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  return { ...none, ...parts };
}

/** `verbs,… groups,… resources,… names,…`; a dash is the core group. */
export function resourceRule(text: string): PolicyRule {
  const [verbs = "", groups = "", resources = "", names] = text.split(" ");
  return rule({
    verbs: verbs.split(","),
    apiGroups: groups.split(",").map((group) => (group === "-" ? "" : group)),
    resources: resources.split(","),
    resourceNames: names === undefined ? [] : names.split(","),
  });
}

/** `verbs,… urls,…`. */
export function urlRule(text: string): PolicyRule {
  const [verbs = "", urls = ""] = text.split(" ");
  return rule({ verbs: verbs.split(","), nonResourceURLs: urls.split(",") });
}

/** `Kind:name`, or `ServiceAccount:namespace/name`. */
export function subject(text: string): Subject {
  const [kind = "", ...rest] = text.split(":");
  const full = rest.join(":");
  const [namespace, name] = kind === "ServiceAccount" ? full.split("/") : ["", full];
  return { kind, name: name ?? "", namespace: namespace ?? "" };
}

export function binding(
  name: string,
  namespace: string,
  role: string,
  ...subjects: readonly string[]
): Binding {
  const [kind = "", roleName = ""] = role.split("/");
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name: roleName };
  return { name, namespace, roleRef, subjects: subjects.map(subject) };
}

export interface Policies {
  readonly roles?: Readonly<Record<string, readonly PolicyRule[]>>;
  readonly clusterRoles?: Readonly<Record<string, readonly PolicyRule[]>>;
  readonly bindings: readonly Binding[];
}

/** Looks through everything, as the specification reads. Roles are keyed `namespace/name`. */
export function listSource({ roles = {}, clusterRoles = {}, bindings }: Policies): RoleSource {
  return {
    clusterRoleBindings: () => bindings.filter(({ namespace }) => namespace === ""),
    roleBindings: (wanted) => bindings.filter(({ namespace }) => namespace === wanted),
    clusterRole: (name) => clusterRoles[name],
    role: (namespace, name) => roles[`${namespace}/${name}`],
  };
}

/** `user groups,… verb resource/subresource namespace group`; a dash is empty. */
export function question(text: string): RequestAttributes {
  const parts = text.split(" ").map((part) => (part === "-" ? "" : part));
  const [name = "", groups = "", verb = "", full = "", namespace = "", group = ""] = parts;
  const [resource = "", subresource = ""] = full.split("/");
  const user = { name, groups: groups === "" ? [] : groups.split(",") };
  return { user, verb, group, version: "v1", resource, subresource, namespace, name: "" };
}

/** `user groups,… verb path`. */
export function urlQuestion(text: string): RequestAttributes {
  const [name = "", groups = "", verb = "", path = ""] = text
    .split(" ")
    .map((part) => (part === "-" ? "" : part));
  const user = { name, groups: groups === "" ? [] : groups.split(",") };
  const nothing = { group: "", version: "", resource: "", subresource: "", namespace: "" };
  return { ...nothing, user, verb, name: "", path };
}
