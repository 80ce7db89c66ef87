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
  /** Pods that run without rights listen above the Service's ports. */
  podPortOf: (port: number) => number = (port) => port,
): Flow[] {
  return ports.map((port) => ({
    name: `internet-to-${dataPlane.name}-${port}`,
    from: { kind: "internet" },
    to: endpointOf(dataPlane),
    port: podPortOf(port),
    protocol: "TCP",
    purpose: "route",
    application: port === 443 ? "https" : "http",
    encryption: port === 443 ? "tls" : "none",
    origin,
  }));
}

/** To the pod's own port, once: gateways balance over endpoints, not over the Service's address. */
export function routeFlows(dataPlane: DataPlane, routes: readonly PlannedRoute[]): Flow[] {
  const ends = new Map<string, PlannedRoute>();
  for (const route of routes.toSorted(byName)) {
    const end = [route.namespace, route.workload, route.targetPort].join("/");
    if (!ends.has(end)) ends.set(end, route);
  }
  return [...ends.values()].map(({ name, namespace, workload, targetPort, traffic, origin }) => ({
    name: `${dataPlane.name}-to-${namespace}-${name}`,
    from: endpointOf(dataPlane),
    to: { kind: "workload", namespace, name: workload },
    port: targetPort,
    protocol: "TCP",
    purpose: "route",
    application: traffic?.upstream === undefined ? "http" : "https",
    encryption: traffic?.upstream ?? "none",
    origin,
  }));
}

/** A callback's route has its app's name in front, so the app's own comes first. */
const byName = (a: PlannedRoute, b: PlannedRoute): number => (a.name < b.name ? -1 : 1);

export function endpointOf({ namespace, name }: DataPlane): Endpoint {
  return { kind: "workload", namespace, name };
}
