// The evaluator of every resource. Mirrors pkg/quota/v1/evaluator/core/registry.go and pkg/quota/v1/install.

import { claimEvaluator } from "./claim-evaluator.ts";
import type { QuotaEvaluator } from "./evaluator.ts";
import { objectCount } from "./object-count.ts";
import { podEvaluator } from "./pod-evaluator.ts";
import { serviceEvaluator } from "./service-evaluator.ts";

const OWN: Readonly<Record<string, QuotaEvaluator>> = {
  pods: podEvaluator,
  services: serviceEvaluator,
  persistentvolumeclaims: claimEvaluator,
};

const IGNORED: ReadonlySet<string> = new Set(["events", "events.events.k8s.io", "bindings"]);

/** `resource` is `secrets` or `deployments.apps`; undefined for what no quota counts. */
export function quotaEvaluator(resource: string): QuotaEvaluator | undefined {
  if (IGNORED.has(resource)) return undefined;
  return OWN[resource] ?? objectCount(resource);
}
