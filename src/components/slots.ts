// The slots of a platform, in the order in which they emit. A slot with a fallback is filled even where the definition
// never mentions it.

import type { SlotFacts } from "../model/index.ts";

export const SLOTS: readonly SlotFacts[] = [
  // What every cluster gets: where things live, who may do what, who may talk to whom, how pods run, and which go first.
  {
    ...fallback("tenancy", "namespaces"),
    indispensable: "everything else lives in the namespaces it makes",
  },
  fallback("access", "roles"),
  fallback("isolation", "network-policies"),
  {
    ...fallback("posture", "restricted"),
    indispensable:
      "namespaces admit restricted pods alone, but for components that say why they need more",
  },
  fallback("priority", "priority-classes"),
  fallback("gatewayApi", "standard-channel"),
  // What a person chooses.
  chosen("delivery", "environment"),
  chosen("cni", "cluster"),
  chosen("loadBalancer", "cluster"),
  chosen("certificates", "cluster"),
  chosen("mesh", "cluster"),
  chosen("ingress", "cluster"),
  chosen("edge", "environment"),
  chosen("rollouts", "cluster"),
  chosen("registry", "environment"),
  { name: "secrets", cardinality: "additive", scope: "environment" },
  chosen("identity", "environment"),
  chosen("audit", "cluster"),
  chosen("policy", "cluster"),
  chosen("runtimeSecurity", "cluster"),
  chosen("resourceMetrics", "cluster"),
  chosen("eventScaling", "cluster"),
  // Where the provider scales the pools that have room to grow, nobody has to ask for it.
  {
    ...chosen("nodeScaling", "cluster"),
    fallback: ({ substrate: { nodeAutoscaler, nodeProvider }, nodes }) =>
      nodeAutoscaler && nodeProvider === undefined && nodes.some(({ max }) => max !== undefined)
        ? { kind: "cluster-autoscaler" }
        : undefined,
  },
  { name: "backup", cardinality: "additive", scope: "environment" },
  chosen("metrics", "environment"),
  chosen("dashboards", "environment"),
  chosen("logs", "environment"),
  chosen("traces", "environment"),
  chosen("logShipping", "cluster"),
  chosen("telemetry", "cluster"),
];

function fallback(name: string, kind: string): SlotFacts {
  return { name, cardinality: "exclusive", scope: "cluster", fallback: () => ({ kind }) };
}

/** At most one system, and none where the definition is silent. */
function chosen(name: string, scope: SlotFacts["scope"]): SlotFacts {
  return { name, cardinality: "exclusive", scope };
}
