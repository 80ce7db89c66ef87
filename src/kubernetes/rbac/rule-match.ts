// Whether one rule allows one request. Mirrors kubernetes pkg/apis/rbac/v1/evaluation_helpers.go and RuleAllows of
// plugin/pkg/auth/authorizer/rbac/rbac.go.

import type { RequestAttributes } from "../authorization.ts";
import type { PolicyRule } from "./policy.ts";

const ALL = "*";

export type RuleQuestion = Omit<RequestAttributes, "user" | "version" | "namespace">;

export function ruleAllows(rule: PolicyRule, question: RuleQuestion): boolean {
  if (!allOr(rule.verbs, question.verb)) return false;
  if (question.path !== undefined) return urlMatches(rule.nonResourceURLs, question.path);
  return (
    allOr(rule.apiGroups, question.group) &&
    resourceMatches(rule.resources, question.resource, question.subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(question.name))
  );
}

function allOr(list: readonly string[], wanted: string): boolean {
  return list.includes(wanted) || list.includes(ALL);
}

// `pods`, `pods/log`, `*/scale` for that of every resource; a bare star is everything, subresources too.
function resourceMatches(
  resources: readonly string[],
  resource: string,
  subresource: string,
): boolean {
  if (subresource === "") return allOr(resources, resource);
  return allOr(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

function urlMatches(urls: readonly string[], path: string): boolean {
  return urls.some((url) => urlCovers(url, path));
}

/** A trailing star stands for any rest. */
export function urlCovers(url: string, path: string): boolean {
  return url === path || (url.endsWith(ALL) && path.startsWith(url.replace(/\*+$/, "")));
}
