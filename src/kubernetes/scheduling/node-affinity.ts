// Required and preferred node affinity and `nodeSelector`. Mirrors component-helpers
// scheduling/corev1/nodeaffinity/nodeaffinity.go.

import type { Labels } from "./selector-match.ts";
import type { Node } from "./node.ts";
import type { PodSpec } from "./pod.ts";
import { matchesLabelMap } from "./selector-match.ts";

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values?: readonly string[];
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  /** Only `metadata.name` is a known field. */
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** `nodeSelector` and every required term: terms are alternatives, requirements in one add up. */
export function matchesNodeAffinity(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (spec.nodeSelector !== undefined && !matchesLabelMap(spec.nodeSelector, labels)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || matchesNodeSelectorTerms(required.nodeSelectorTerms, node);
}

/** An empty list of terms and an empty term match no node. */
export function matchesNodeSelectorTerms(terms: readonly NodeSelectorTerm[], node: Node): boolean {
  return terms.some((term) => matchesTerm(term, node));
}

/** The sum of the weights of all preferred terms that the node matches. */
export function preferredNodeAffinityWeight(spec: PodSpec, node: Node): number {
  const preferred =
    spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  let sum = 0;
  for (const { weight, preference } of preferred) if (matchesTerm(preference, node)) sum += weight;
  return sum;
}

/** The node names a pod is bound to by `matchFields`, as daemon pods are; undefined: any node. */
export function requiredNodeNames(spec: PodSpec): ReadonlySet<string> | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required.nodeSelectorTerms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields } of required.nodeSelectorTerms) {
    const byName = matchFields?.find(
      ({ key, operator }) => key === "metadata.name" && operator === "In",
    );
    if (byName === undefined) return undefined;
    for (const name of byName.values ?? []) names.add(name);
  }
  return names;
}

function matchesTerm({ matchExpressions, matchFields }: NodeSelectorTerm, node: Node): boolean {
  if (!matchExpressions?.length && !matchFields?.length) return false;
  const labels = node.metadata.labels ?? {};
  const fields = { "metadata.name": node.metadata.name };
  return (
    (matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels)) &&
    (matchFields ?? []).every((requirement) => matchesRequirement(requirement, fields))
  );
}

function matchesRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number.parseInt(value, 10) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number.parseInt(value, 10) < Number(values[0]);
  }
}
