// The rules a ClusterRole gathers from others by label. Mirrors syncClusterRole of kubernetes
// pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go.

import { canonicalJson, isRecord } from "../../core/index.ts";
import { matchesSelector } from "../scheduling/selector-match.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { KubernetesObject } from "../object.ts";

type RuleRecord = Readonly<Record<string, unknown>>;

/** Whether the role has an aggregation rule at all; one without selectors gathers nothing. */
export function isAggregated(role: KubernetesObject): boolean {
  return isRecord(role["aggregationRule"]);
}

export function aggregationSelectors(role: KubernetesObject): readonly LabelSelector[] {
  const rule = role["aggregationRule"];
  const selectors = isRecord(rule) ? rule["clusterRoleSelectors"] : undefined;
  // Decoding has checked their shape.
  return Array.isArray(selectors) ? (selectors as readonly LabelSelector[]) : [];
}

/** Selector by selector, role by role in the order of names, each rule once. */
export function aggregatedRules(
  role: KubernetesObject,
  clusterRoles: readonly KubernetesObject[],
): readonly RuleRecord[] {
  const byName = clusterRoles.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules = new Map<string, RuleRecord>();
  for (const selector of aggregationSelectors(role)) {
    const gathered = byName.filter(
      ({ metadata }) =>
        metadata.name !== role.metadata.name && matchesSelector(selector, metadata.labels),
    );
    for (const rule of gathered.flatMap(ruleRecords)) {
      const text = canonicalJson(rule);
      if (!rules.has(text)) rules.set(text, rule);
    }
  }
  return [...rules.values()];
}

/** The rules of a role as it spells them. */
export function ruleRecords(role: KubernetesObject): readonly RuleRecord[] {
  const rules = role["rules"];
  return Array.isArray(rules) ? rules.filter(isRecord) : [];
}
