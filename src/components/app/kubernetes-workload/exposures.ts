// Ports of an app with a way in of their own: a load balancer's address for each, open to the ranges it names and to nobody else.

import type {
  AppExposure,
  EnvVar,
  Flow,
  PlannedApp,
  PlannedExposure,
  WorkloadPort,
  WorkloadService,
} from "../../../model/index.ts";
import { connectionsLimit, limitVariable } from "../../../model/index.ts";

/** Those the app does not listen on anyway. */
export function exposedPorts({ exposures = [], port }: PlannedApp): WorkloadPort[] {
  const ports = new Set(exposures.map((exposure) => exposure.port));
  return [...ports]
    .filter((exposed) => exposed !== port)
    .map((exposed) => ({ name: `tcp-${exposed}`, port: exposed, protocol: "TCP" }));
}

export function exposedServices({ exposures = [] }: PlannedApp): WorkloadService[] {
  return exposures.map((exposure) => ({
    name: serviceOf(exposure),
    type: "LoadBalancer",
    allowFrom: exposure.allowFrom,
    ports: [{ name: "tcp", port: exposure.listen, targetPort: exposure.port }],
  }));
}

/** Nothing in front of the app counts connections. */
export function exposedVariables({ exposures = [] }: PlannedApp): EnvVar[] {
  return exposures.map(({ name, connections }) => ({
    name: limitVariable(name),
    value: String(connections),
  }));
}

export function exposuresOf(app: PlannedApp): PlannedExposure[] {
  return (app.exposures ?? []).map((exposure) => ({
    name: exposure.name,
    opens: { kind: "service", namespace: app.namespace, name: serviceOf(exposure) },
    ports: [exposure.listen],
    reason: exposure.reason,
    allowFrom: exposure.allowFrom,
    limit: connectionsLimit(exposure.connections),
    origin: exposure.origin,
  }));
}

/** Clients keep their own addresses, so policies allow exactly the ranges. */
export function exposedFlows({ exposures = [], namespace, name: app }: PlannedApp): Flow[] {
  return exposures.map(({ name, port, allowFrom, tls, origin }) => ({
    name: `${name}-to-${app}`,
    from: { kind: "external", name, addresses: allowFrom },
    to: { kind: "workload", namespace, name: app },
    port,
    protocol: "TCP",
    purpose: "app",
    application: "tcp",
    encryption: tls ? "tls" : "none",
    origin,
  }));
}

/** Of its own name: an app and an exposure may be called the same. */
const serviceOf = ({ name }: AppExposure): string => `exposed-${name}`;
