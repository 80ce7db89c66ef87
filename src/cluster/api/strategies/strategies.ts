// The strategy of every built-in resource, by `group/plural`, and the one of custom resources.

import { deepEqual } from "../../../core/index.ts";
import type { KindFacts } from "../../../kubernetes/index.ts";
import { PLAIN_STRATEGY } from "../strategy.ts";
import type { Strategy } from "../strategy.ts";
import { APPS_STRATEGIES } from "./apps.ts";
import { BATCH_STRATEGIES } from "./batch.ts";
import { CORE_STRATEGIES } from "./core.ts";
import { OTHER_STRATEGIES } from "./others.ts";

const BUILTIN: Readonly<Record<string, Partial<Strategy>>> = {
  ...CORE_STRATEGIES,
  ...APPS_STRATEGIES,
  ...BATCH_STRATEGIES,
  ...OTHER_STRATEGIES,
};

/**
 * Written only over a version that was read: `AllowUnconditionalUpdate` of their strategies in Kubernetes 1.36 (pkg/registry) and
 * of kube-aggregator (pkg/registry/apiservice).
 */
const READ_FIRST: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io/mutatingadmissionpolicies",
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "apiregistration.k8s.io/apiservices",
  "coordination.k8s.io/leasecandidates",
  "coordination.k8s.io/leases",
  "node.k8s.io/runtimeclasses",
  "policy/poddisruptionbudgets",
  "storage.k8s.io/csidrivers",
  "storage.k8s.io/csinodes",
  "storage.k8s.io/csistoragecapacities",
  "storage.k8s.io/volumeattachments",
]);

export function strategyOf(_facts: KindFacts, storeResource: string): Strategy {
  const unconditionalUpdate = !READ_FIRST.has(storeResource);
  return { ...PLAIN_STRATEGY, unconditionalUpdate, ...BUILTIN[storeResource] };
}

/** Custom resources: any change outside metadata (and status, when it is a subresource) is a new generation. */
export function customStrategy(_facts: KindFacts): Strategy {
  return {
    ...PLAIN_STRATEGY,
    generation: "spec",
    unconditionalUpdate: false,
    statusLeavesMetadata: true,
  };
}

/** True when everything outside metadata and `except` is the same. */
export function sameOutside(a: object, b: object, except: readonly string[]): boolean {
  // Read by name only.
  const [left, right] = [a as Fields, b as Fields];
  for (const key in left) {
    if (except.includes(key) || left[key] === right[key]) continue;
    if (!deepEqual(left[key], right[key])) return false;
  }
  for (const key in right) {
    if (right[key] !== undefined && left[key] === undefined && !except.includes(key)) return false;
  }
  return true;
}

type Fields = Readonly<Record<string, unknown>>;
