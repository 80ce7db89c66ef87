// Refuses what would exceed a quota and charges the rest before it is stored, in one step: a burst of creations cannot slip
// through. Mirrors k8s.io/apiserver pkg/admission/plugin/resourcequota @v1.36.

import {
  admissionForbidden,
  chargeQuotas,
  quotaEvaluator,
  RESOURCE_QUOTA,
} from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  Charge,
  ResourceQuota,
} from "../../kubernetes/index.ts";
import { writeStatusNow } from "../api/index.ts";
import type { ApiContext } from "../api/index.ts";

/** Who appears as the manager of the status: the server itself. */
const MANAGER = "kube-apiserver";

export function resourceQuota(api: ApiContext): AdmissionPlugin {
  return {
    name: "ResourceQuota",
    handles: ({ operation, facts }) =>
      facts.namespaced && (operation === "CREATE" || operation === "UPDATE"),
    validate(request) {
      const quotas = quotasFor(request);
      if (quotas.length === 0) return;
      for (const { quota, used } of charge(request, quotas, api.clock.now())) {
        const status = { ...quota.status, used };
        writeStatusNow(api, { ...quota, status }, MANAGER);
      }
    },
  };
}

function quotasFor(request: AdmissionRequest): readonly ResourceQuota[] {
  const { namespace, live } = request;
  return live.list(RESOURCE_QUOTA, namespace) as readonly ResourceQuota[];
}

/** What is to be written once the request is admitted; nothing for a dry run. */
function charge(
  request: AdmissionRequest,
  quotas: readonly ResourceQuota[],
  now: number,
): readonly Charge[] {
  const { facts, object, dryRun } = request;
  const resource = facts.group === "" ? facts.resource : `${facts.resource}.${facts.group}`;
  const evaluator = quotaEvaluator(resource);
  if (object === undefined || evaluator === undefined || !evaluator.handles(request)) return [];
  const result = chargeQuotas(quotas, { ...request, object }, evaluator, now);
  if (result.outcome === "refused") throw admissionForbidden(request, result.why);
  return dryRun ? [] : result.charges;
}
