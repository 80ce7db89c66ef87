// What all objects of a namespace use of a quota: the count its controller keeps. Pure.
// Mirrors k8s.io/apiserver pkg/quota/v1 (CalculateUsage, CalculateUsageStats).

import type { Quantity } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import { quotaEvaluator } from "./evaluators.ts";
import type { QuotaEvaluator } from "./evaluator.ts";
import { addAllQuantities, count, formatQuantities, onlyQuantities } from "./quantities.ts";
import { scopesOf } from "./resource-quota.ts";
import type { ResourceQuota } from "./resource-quota.ts";

/** The objects of one resource (`secrets`, `deployments.apps`) in the quota's namespace. */
export type ObjectsOf = (resource: string) => readonly KubernetesObject[];

/** Resources that are counted in ways of their own whatever the quota names. */
const MEASURED = ["pods", "services", "persistentvolumeclaims"];

/** Which resources have to be looked at for this quota. */
export function countedResources({ spec }: ResourceQuota): readonly string[] {
  const hard = Object.keys(spec.hard ?? {});
  const candidates = new Set([...MEASURED, ...hard.map((name) => name.replace(/^count\//, ""))]);
  return [...candidates].filter((resource) => {
    const evaluator = quotaEvaluator(resource);
    return evaluator !== undefined && hard.some(evaluator.measures);
  });
}

/** `status.used`: zero where nothing is counted; names that nothing measures are left out. */
export function quotaUsage(
  quota: ResourceQuota,
  objectsOf: ObjectsOf,
  now: number,
): Readonly<Record<string, string>> {
  const used = new Map<string, Quantity>();
  for (const resource of countedResources(quota)) {
    const evaluator = quotaEvaluator(resource);
    if (evaluator !== undefined) tally(quota, evaluator, objectsOf(resource), now, used);
  }
  return formatQuantities(used);
}

function tally(
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  objects: readonly KubernetesObject[],
  now: number,
  used: Map<string, Quantity>,
): void {
  const names = new Set(Object.keys(quota.spec.hard ?? {}).filter(evaluator.measures));
  for (const name of names) used.set(name, count(0));
  const scopes = scopesOf(quota);
  for (const object of objects) {
    if (!scopes.every((scope) => evaluator.inScope(scope, object))) continue;
    addAllQuantities(used, onlyQuantities(evaluator.usage(object, now), names));
  }
}
