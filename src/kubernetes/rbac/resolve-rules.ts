// From bindings and roles to the rules of one user in one namespace. Mirrors DefaultRuleResolver of kubernetes
// pkg/registry/rbac/validation/rule.go.

import type { UserInfo } from "../user-info.ts";
import { RBAC_GROUP } from "./policy.ts";
import type { Binding, PolicyRule, RoleRef, Subject } from "./policy.ts";
import { subjectOf } from "./subject-match.ts";

/** Where roles and bindings come from. An index may leave out bindings the user is no subject of. */
export interface RoleSource {
  clusterRoleBindings(user: UserInfo): readonly Binding[];
  roleBindings(namespace: string, user: UserInfo): readonly Binding[];
  clusterRole(name: string): readonly PolicyRule[] | undefined;
  role(namespace: string, name: string): readonly PolicyRule[] | undefined;
}

/** Which binding gives a rule, and to whom. */
export interface RuleOrigin {
  readonly binding: Binding;
  readonly subject: Subject;
}

export interface RuleVisitor {
  /** True ends the visit. */
  rule(rule: PolicyRule, origin: RuleOrigin): boolean;
  /** A role that is bound and not there. */
  missing(error: MissingRole): void;
}

/** In the words of the API server, whose lister knows the kind by its singular. */
export interface MissingRole {
  readonly reason: "NotFound" | "Unsupported";
  /** `clusterrole` or `role`. */
  readonly resource: string;
  readonly name: string;
  readonly message: string;
}

export type ReferencedRules =
  | { readonly rules: readonly PolicyRule[]; readonly error?: undefined }
  | { readonly rules?: undefined; readonly error: MissingRole };

export function visitRules(
  source: RoleSource,
  user: UserInfo,
  namespace: string,
  visitor: RuleVisitor,
): void {
  if (visitBindings(source, source.clusterRoleBindings(user), "", user, visitor)) return;
  if (namespace === "") return;
  visitBindings(source, source.roleBindings(namespace, user), namespace, user, visitor);
}

/** True when the visitor has had enough. */
function visitBindings(
  source: RoleSource,
  bindings: readonly Binding[],
  namespace: string,
  user: UserInfo,
  visitor: RuleVisitor,
): boolean {
  for (const binding of bindings) {
    const subject = subjectOf(user, binding.subjects, namespace);
    if (subject === undefined) continue;
    const { rules, error } = referencedRules(source, binding.roleRef, namespace);
    if (error !== undefined) visitor.missing(error);
    else if (rules.some((rule) => visitor.rule(rule, { binding, subject }))) return true;
  }
  return false;
}

/** The rules of the role a binding in this namespace names. */
export function referencedRules(
  source: RoleSource,
  { kind, name }: RoleRef,
  namespace: string,
): ReferencedRules {
  if (kind !== "Role" && kind !== "ClusterRole") {
    const message = `unsupported role reference kind: ${JSON.stringify(kind)}`;
    return { error: { reason: "Unsupported", resource: "", name, message } };
  }
  const rules = kind === "Role" ? source.role(namespace, name) : source.clusterRole(name);
  if (rules !== undefined) return { rules };
  const resource = kind.toLowerCase();
  const message = `${resource}.${RBAC_GROUP} ${JSON.stringify(name)} not found`;
  return { error: { reason: "NotFound", resource, name, message } };
}

export interface ResolvedRules {
  readonly rules: readonly PolicyRule[];
  /** What could not be looked up; the rules are valid all the same. */
  readonly errors: readonly string[];
}

export function rulesFor(source: RoleSource, user: UserInfo, namespace: string): ResolvedRules {
  const rules: PolicyRule[] = [];
  const errors: string[] = [];
  visitRules(source, user, namespace, {
    rule(rule) {
      rules.push(rule);
      return false;
    },
    missing: ({ message }) => void errors.push(message),
  });
  return { rules, errors };
}

/** `RoleBinding "b/shop" of ClusterRole "view" to User "bob"`. */
export function describeOrigin({ binding, subject }: RuleOrigin): string {
  const { name, namespace, roleRef } = binding;
  const kind = namespace === "" ? "ClusterRoleBinding" : "RoleBinding";
  const full = namespace === "" ? name : `${name}/${namespace}`;
  const role = `${roleRef.kind} ${JSON.stringify(roleRef.name)}`;
  return `${kind} ${JSON.stringify(full)} of ${role} to ${describeSubject(subject, namespace)}`;
}

function describeSubject({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind !== "ServiceAccount") return `${kind} ${JSON.stringify(name)}`;
  return `${kind} ${JSON.stringify(`${name}/${namespace || bindingNamespace}`)}`;
}
