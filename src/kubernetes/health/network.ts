// Services, ingresses, address pools. Mirrors gitops-engine pkg/health/health_{service,ingress}.go.

import type { KubernetesObject } from "../object.ts";
import { count, healthy, isSet, items, progressing, text } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const NETWORK_HEALTH: HealthRules = {
  "/Service": serviceHealth,
  "networking.k8s.io/Ingress": ingressHealth,
  "metallb.io/IPAddressPool": addressPoolHealth,
  "metallb.io/L2Advertisement": () => healthy(),
  "metallb.io/BGPAdvertisement": () => healthy(),
};

function serviceHealth(service: KubernetesObject): Health {
  if (text(service, "spec", "type") !== "LoadBalancer") return healthy();
  if (items(service, "status", "loadBalancer", "ingress").length > 0) return healthy();
  return progressing("waiting for a load balancer address");
}

function ingressHealth(ingress: KubernetesObject): Health {
  if (items(ingress, "status", "loadBalancer", "ingress").length > 0) return healthy();
  return progressing("waiting for a load balancer address");
}

/** A pool has no failing state: a wrong one is refused at admission. Its counters make the message. */
function addressPoolHealth(pool: KubernetesObject): Health {
  if (!isSet(pool, "status", "availableIPv4")) return healthy();
  const free = count(pool, "status", "availableIPv4") + count(pool, "status", "availableIPv6");
  const used = count(pool, "status", "assignedIPv4") + count(pool, "status", "assignedIPv6");
  return healthy(`${used} addresses assigned, ${free} free`);
}
