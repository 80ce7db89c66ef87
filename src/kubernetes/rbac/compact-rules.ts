// Rules as a refusal names them: joined where they differ in their verbs only, one line each.
// Mirrors kubernetes pkg/registry/rbac/validation/policy_compact.go and CompactString of pkg/apis/rbac/v1.

import { quoteList } from "./error-text.ts";
import type { PolicyRule } from "./policy.ts";

/** Joins the verbs of rules about one resource; other rules stay as they are. */
export function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const others: PolicyRule[] = [];
  const byResource = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = simpleKey(rule);
    const known = key === undefined ? undefined : byResource.get(key);
    if (key === undefined) others.push(rule);
    else if (known === undefined) byResource.set(key, rule);
    else byResource.set(key, { ...known, verbs: [...new Set([...known.verbs, ...rule.verbs])] });
  }
  return [...others, ...byResource.values()];
}

/** What a rule about one resource is about; undefined for any other rule. */
function simpleKey(rule: PolicyRule): string | undefined {
  const { apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  if (resourceNames.length > 1 || nonResourceURLs.length > 0) return undefined;
  if (apiGroups.length !== 1 || resources.length !== 1) return undefined;
  return JSON.stringify([apiGroups[0], resources[0], ...resourceNames]);
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
export function formatRule(rule: PolicyRule): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const texts = parts
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${name}:${quoteList(list)}`);
  return `{${texts.join(", ")}}`;
}
