// How one resource is counted against quotas. Mirrors k8s.io/apiserver pkg/quota/v1/interfaces.go (Evaluator).

import type { KubernetesObject } from "../object.ts";
import type { Quantities } from "./quantities.ts";
import type { ScopeRequirement } from "./resource-quota.ts";

/** The part of a request that decides whether it changes a usage. */
export interface QuotaOperation {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly subresource: string;
  readonly object: KubernetesObject | undefined;
  readonly oldObject: KubernetesObject | undefined;
}

export interface QuotaEvaluator {
  handles(operation: QuotaOperation): boolean;
  /** Whether a name in `spec.hard` is measured here. */
  measures(hardName: string): boolean;
  /** What the object uses at this instant (milliseconds since the epoch). */
  usage(object: KubernetesObject, now: number): Quantities;
  inScope(requirement: ScopeRequirement, object: KubernetesObject): boolean;
  /** What the object lacks to be counted at all; undefined when it lacks nothing. */
  lacks?(required: readonly string[], object: KubernetesObject): string | undefined;
}
