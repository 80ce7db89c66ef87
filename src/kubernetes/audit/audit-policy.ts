// How much of a request is kept: the first rule that matches decides. Mirrors k8s.io/apiserver pkg/audit/policy/checker.go
// (ruleMatches, ruleMatchesNonResource, pathMatches) and pkg/apis/audit/types.go.

import { isRecord } from "../../core/index.ts";
import type { RequestAttributes } from "../authorization.ts";

export const AUDIT_LEVELS = ["None", "Metadata", "Request", "RequestResponse"] as const;
export type AuditLevel = (typeof AUDIT_LEVELS)[number];

export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
}

interface AuditRule {
  readonly level: AuditLevel;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly resources: readonly {
    readonly group: string;
    readonly resources: readonly string[];
    readonly resourceNames: readonly string[];
  }[];
}

/** Of a Policy of audit.k8s.io/v1; undefined where a value is none. */
export function auditPolicyOf(value: unknown): AuditPolicy | undefined {
  if (!isRecord(value) || value["kind"] !== "Policy" || !Array.isArray(value["rules"]))
    return undefined;
  const rules = value["rules"].filter(isRecord).flatMap(ruleOf);
  return rules.length === value["rules"].length ? { rules } : undefined;
}

function ruleOf(rule: Readonly<Record<string, unknown>>): AuditRule[] {
  const level = AUDIT_LEVELS.find((one) => one === rule["level"]);
  if (level === undefined) return [];
  const resources = Array.isArray(rule["resources"]) ? rule["resources"].filter(isRecord) : [];
  return [
    {
      level,
      users: textsOf(rule["users"]),
      userGroups: textsOf(rule["userGroups"]),
      verbs: textsOf(rule["verbs"]),
      namespaces: textsOf(rule["namespaces"]),
      nonResourceURLs: textsOf(rule["nonResourceURLs"]),
      resources: resources.map((one) => ({
        group: typeof one["group"] === "string" ? one["group"] : "",
        resources: textsOf(one["resources"]),
        resourceNames: textsOf(one["resourceNames"]),
      })),
    },
  ];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** What no rule matches is not kept. */
export function auditLevel({ rules }: AuditPolicy, attributes: RequestAttributes): AuditLevel {
  return rules.find((rule) => ruleMatches(rule, attributes))?.level ?? "None";
}

function ruleMatches(rule: AuditRule, attributes: RequestAttributes): boolean {
  const { user, verb } = attributes;
  if (rule.users.length > 0 && !rule.users.includes(user.name)) return false;
  if (rule.userGroups.length > 0 && !rule.userGroups.some((one) => user.groups.includes(one)))
    return false;
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return false;
  if (rule.namespaces.length > 0 || rule.resources.length > 0)
    return attributes.path === undefined && resourceMatches(rule, attributes);
  if (rule.nonResourceURLs.length > 0)
    return attributes.path !== undefined && urlMatches(rule.nonResourceURLs, attributes.path);
  return true;
}

function resourceMatches(rule: AuditRule, attributes: RequestAttributes): boolean {
  if (rule.namespaces.length > 0 && !rule.namespaces.includes(attributes.namespace)) return false;
  if (rule.resources.length === 0) return true;
  const { resource, subresource, name } = attributes;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return rule.resources.some(({ group, resources, resourceNames }) => {
    if (group !== attributes.group) return false;
    if (resources.length === 0) return true;
    if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
    return resources.some(
      (one) =>
        one === full ||
        one === "*" ||
        (subresource !== "" && (one === `*/${subresource}` || one === `${resource}/*`)),
    );
  });
}

function urlMatches(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
  );
}
