// Whether somebody's rules cover what they want to grant. Mirrors Covers of k8s.io/component-helpers
// auth/rbac/validation/policy_comparator.go.

import type { PolicyRule } from "./policy.ts";
import { urlCovers } from "./rule-match.ts";

const ALL = "*";
const NOTHING: PolicyRule = {
  verbs: [],
  apiGroups: [],
  resources: [],
  resourceNames: [],
  nonResourceURLs: [],
};

/** The smallest parts of `wanted` that no single rule of `held` covers; empty when everything is held. */
export function uncoveredRules(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  return wanted
    .flatMap(breakDown)
    .filter((part) => !held.some((holder) => ruleCovers(holder, part)));
}

/** Rules with one verb, one group, one resource and at most one name, or one verb and one URL. */
export function breakDown(rule: PolicyRule): readonly PolicyRule[] {
  const { apiGroups, resources, verbs, resourceNames, nonResourceURLs } = rule;
  const names = resourceNames.length === 0 ? [[]] : resourceNames.map((name) => [name]);
  const parts: PolicyRule[] = [];
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs)
        for (const name of names)
          parts.push({
            ...NOTHING,
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            resourceNames: name,
          });
  for (const url of nonResourceURLs)
    for (const verb of verbs) parts.push({ ...NOTHING, verbs: [verb], nonResourceURLs: [url] });
  return parts;
}

/** `part` is one of those that breaking down gives. */
function ruleCovers(holder: PolicyRule, part: PolicyRule): boolean {
  return (
    hasAll(holder.verbs, part.verbs) &&
    hasAll(holder.apiGroups, part.apiGroups) &&
    part.resources.every((resource) => resourceCovered(holder.resources, resource)) &&
    namesCover(holder.resourceNames, part.resourceNames) &&
    part.nonResourceURLs.every((path) => holder.nonResourceURLs.some((url) => urlCovers(url, path)))
  );
}

function hasAll(holder: readonly string[], wanted: readonly string[]): boolean {
  return holder.includes(ALL) || wanted.every((item) => holder.includes(item));
}

// `pods/scale` is also covered by the rule for `scale` of every resource, `*/scale`.
function resourceCovered(holder: readonly string[], resource: string): boolean {
  if (holder.includes(ALL) || holder.includes(resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && holder.includes(`*${resource.slice(slash)}`);
}

function namesCover(holder: readonly string[], wanted: readonly string[]): boolean {
  if (holder.length === 0) return true;
  return wanted.length > 0 && wanted.every((name) => holder.includes(name));
}
