// The slots of a platform, in the order in which they emit. A slot with a fallback is filled even where the definition
// never mentions it.

import type { SlotFacts } from "../model/index.ts";

export const SLOTS: readonly SlotFacts[] = [
  // What every cluster gets: where things live, who may do what, who may talk to whom, and how pods run.
  fallback("tenancy", "namespaces"),
  fallback("access", "roles"),
  fallback("isolation", "network-policies"),
  fallback("posture", "restricted"),
  fallback("gatewayApi", "standard-channel"),
  // What a person chooses.
  { name: "delivery", cardinality: "exclusive", scope: "environment" },
  { name: "loadBalancer", cardinality: "exclusive", scope: "cluster" },
  { name: "ingress", cardinality: "exclusive", scope: "cluster" },
  { name: "registry", cardinality: "exclusive", scope: "environment" },
  { name: "secrets", cardinality: "additive", scope: "environment" },
  { name: "backup", cardinality: "additive", scope: "environment" },
  { name: "metrics", cardinality: "exclusive", scope: "environment" },
  { name: "logs", cardinality: "exclusive", scope: "environment" },
];

function fallback(name: string, kind: string): SlotFacts {
  return { name, cardinality: "exclusive", scope: "cluster", fallback: () => ({ kind }) };
}
