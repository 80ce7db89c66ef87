// Gateway API. Mirrors argo-cd resource_customizations/gateway.networking.k8s.io: refused or unresolved is degraded,
// not yet programmed is progressing. Conditions about an older generation do not count.

import type { Condition, KubernetesObject } from "../object.ts";
import { describe, requireCondition } from "./conditions.ts";
import { conditionsOf, degraded, healthy, items, progressing, text } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const GATEWAY_HEALTH: HealthRules = {
  "gateway.networking.k8s.io/GatewayClass": requireCondition(
    "Accepted",
    "waiting for a controller to accept the class",
  ),
  "gateway.networking.k8s.io/Gateway": gatewayHealth,
  "gateway.networking.k8s.io/HTTPRoute": routeHealth,
  "gateway.networking.k8s.io/GRPCRoute": routeHealth,
  "gateway.networking.k8s.io/TCPRoute": routeHealth,
  "gateway.networking.k8s.io/TLSRoute": routeHealth,
  "gateway.networking.k8s.io/UDPRoute": routeHealth,
};

function gatewayHealth(gateway: KubernetesObject): Health {
  const conditions = current(gateway, conditionsOf(gateway["status"]));
  if (conditions.length === 0) return progressing("waiting for the gateway's status");
  const own = attachmentHealth(conditions);
  if (own !== undefined) return own;
  for (const listener of items(gateway, "status", "listeners")) {
    const health = attachmentHealth(conditionsOf(listener));
    if (health !== undefined) {
      return { ...health, message: `listener ${text(listener, "name")}: ${health.message}` };
    }
  }
  return healthy();
}

function routeHealth(route: KubernetesObject): Health {
  const parents = items(route, "status", "parents")
    .map((parent) => ({ parent, conditions: current(route, conditionsOf(parent)) }))
    .filter(({ conditions }) => conditions.length > 0);
  if (parents.length === 0) return progressing("waiting for a gateway to take the route");
  for (const { parent, conditions } of parents) {
    const health = attachmentHealth(conditions);
    const name = text(parent, "parentRef", "name");
    if (health !== undefined) return { ...health, message: `parent ${name}: ${health.message}` };
  }
  return healthy();
}

/** `undefined` when nothing is wrong. */
function attachmentHealth(conditions: readonly Condition[]): Health | undefined {
  for (const type of ["ResolvedRefs", "Accepted"]) {
    const refused = conditions.find(
      (condition) => condition.type === type && condition.status === "False",
    );
    if (refused !== undefined) return degraded(describe(refused));
  }
  const programmed = conditions.find((condition) => condition.type === "Programmed");
  if (programmed === undefined || programmed.status === "True") return undefined;
  return progressing(describe(programmed));
}

function current(
  { metadata }: KubernetesObject,
  conditions: readonly Condition[],
): readonly Condition[] {
  return conditions.filter(
    ({ observedGeneration }) =>
      observedGeneration === undefined || observedGeneration >= (metadata.generation ?? 0),
  );
}
