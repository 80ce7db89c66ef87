// How an object is doing, in Argo CD's six words. The rules are Argo CD's built-in checks (gitops-engine pkg/health and
// argo-cd resource_customizations); kinds without one follow kstatus (cli-utils pkg/kstatus/status/generic.go).

import type { KubernetesObject } from "../object.ts";
import { parseApiVersion } from "../gvk.ts";
import { BATCH_HEALTH } from "./batch.ts";
import { CLUSTER_HEALTH } from "./cluster.ts";
import { conditionHealth } from "./conditions.ts";
import { DELIVERY_HEALTH } from "./delivery.ts";
import { GATEWAY_HEALTH } from "./gateway.ts";
import { NETWORK_HEALTH } from "./network.ts";
import { OPERATOR_HEALTH } from "./operators.ts";
import { POD_HEALTH } from "./pods.ts";
import type { Health, HealthRules, HealthStatus } from "./rule.ts";
import { STORAGE_HEALTH } from "./storage.ts";
import { WORKLOAD_HEALTH } from "./workloads.ts";

const RULES: HealthRules = {
  ...WORKLOAD_HEALTH,
  ...POD_HEALTH,
  ...BATCH_HEALTH,
  ...NETWORK_HEALTH,
  ...GATEWAY_HEALTH,
  ...STORAGE_HEALTH,
  ...CLUSTER_HEALTH,
  ...DELIVERY_HEALTH,
  ...OPERATOR_HEALTH,
};

/** The health of a live object; `undefined` stands for one that is not there. */
export function healthOf(object: KubernetesObject | undefined): Health {
  if (object === undefined) return { status: "Missing", message: "not found" };
  if (object.metadata.deletionTimestamp !== undefined) return pendingDeletion(object);
  const { group } = parseApiVersion(object.apiVersion);
  const rule = RULES[`${group}/${object.kind}`] ?? conditionHealth;
  return rule(object);
}

function pendingDeletion({ metadata }: KubernetesObject): Health {
  const finalizers = metadata.finalizers ?? [];
  const blocked =
    finalizers.length === 0 ? "" : `; blocked by finalizers: ${finalizers.join(", ")}`;
  return { status: "Progressing", message: `pending deletion${blocked}` };
}

const WORST_FIRST: readonly HealthStatus[] = [
  "Unknown",
  "Degraded",
  "Missing",
  "Progressing",
  "Suspended",
  "Healthy",
];

/** The worst of several, by Argo CD's order (gitops-engine pkg/health/health.go `healthOrder`). */
export function worstHealth(statuses: Iterable<HealthStatus>): HealthStatus {
  let worst = WORST_FIRST.length - 1;
  for (const status of statuses) worst = Math.min(worst, WORST_FIRST.indexOf(status));
  return WORST_FIRST[worst] ?? "Healthy";
}
