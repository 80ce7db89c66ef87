// Traffic through a gateway: from anywhere to its listeners, and from its data plane to the pods behind every route.

import type { Path } from "../../../core/index.ts";
import type { Endpoint, Flow, PlannedRoute } from "../../../model/index.ts";

export interface DataPlane {
  readonly namespace: string;
  readonly name: string;
}

export function listenerFlows(
  dataPlane: DataPlane,
  ports: readonly number[],
  origin: Path,
): Flow[] {
  return ports.map((port) => ({
    name: `internet-to-${dataPlane.name}-${port}`,
    from: { kind: "internet" },
    to: endpointOf(dataPlane),
    port,
    protocol: "TCP",
    purpose: "route",
    application: port === 443 ? "https" : "http",
    encryption: port === 443 ? "tls" : "none",
    origin,
  }));
}

/** To the pod's own port: gateways balance over endpoints, not over the Service's address. */
export function routeFlows(dataPlane: DataPlane, routes: readonly PlannedRoute[]): Flow[] {
  return routes.map(({ name, namespace, workload, targetPort, origin }) => ({
    name: `${dataPlane.name}-to-${namespace}-${name}`,
    from: endpointOf(dataPlane),
    to: { kind: "workload", namespace, name: workload },
    port: targetPort,
    protocol: "TCP",
    purpose: "route",
    application: "http",
    encryption: "none",
    origin,
  }));
}

export function endpointOf({ namespace, name }: DataPlane): Endpoint {
  return { kind: "workload", namespace, name };
}
