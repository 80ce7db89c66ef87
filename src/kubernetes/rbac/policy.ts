// The four RBAC kinds as the evaluator reads them, out of objects whose shape has already been checked.
// Mirrors k8s.io/api rbac/v1 types.go.

import { isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** What may be done to what. A rule is about resources or about URLs, never about both. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface Subject {
  /** `User`, `Group` or `ServiceAccount`; anything else matches nobody. */
  readonly kind: string;
  readonly name: string;
  /** Of a service account; empty: the namespace of the binding. */
  readonly namespace: string;
}

export interface RoleRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

/** A RoleBinding, or a ClusterRoleBinding when its namespace is empty. */
export interface Binding {
  readonly name: string;
  readonly namespace: string;
  readonly roleRef: RoleRef;
  readonly subjects: readonly Subject[];
}

/** The rules of a Role or ClusterRole. */
export function rulesOfRole(role: KubernetesObject): readonly PolicyRule[] {
  return recordsOf(role["rules"]).map((rule) => ({
    verbs: textsOf(rule["verbs"]),
    apiGroups: textsOf(rule["apiGroups"]),
    resources: textsOf(rule["resources"]),
    resourceNames: textsOf(rule["resourceNames"]),
    nonResourceURLs: textsOf(rule["nonResourceURLs"]),
  }));
}

/** A RoleBinding or ClusterRoleBinding. */
export function bindingOf(object: KubernetesObject): Binding {
  const { name, namespace = "" } = object.metadata;
  return {
    name,
    namespace,
    roleRef: roleRefOf(object),
    subjects: recordsOf(object["subjects"]).map((subject) => ({
      kind: textOf(subject["kind"]),
      name: textOf(subject["name"]),
      namespace: textOf(subject["namespace"]),
    })),
  };
}

export function roleRefOf(binding: KubernetesObject): RoleRef {
  const ref = isRecord(binding["roleRef"]) ? binding["roleRef"] : {};
  return {
    apiGroup: textOf(ref["apiGroup"]),
    kind: textOf(ref["kind"]),
    name: textOf(ref["name"]),
  };
}

/** As objects write a rule: without the lists that are empty. */
export function ruleRecord(rule: PolicyRule): Readonly<Record<string, readonly string[]>> {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const rest = Object.entries({ apiGroups, resources, resourceNames, nonResourceURLs });
  return { verbs, ...Object.fromEntries(rest.filter(([, list]) => list.length > 0)) };
}

function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
