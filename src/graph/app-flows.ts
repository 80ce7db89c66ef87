// The flows people ask for by what they write: one for every entry of `needs`, one for every entry of `calls`.

import type { Endpoint, Flow, PlannedApp, PlannedCluster } from "../model/index.ts";

export function appFlows({ apps }: PlannedCluster): Flow[] {
  return apps.flatMap((app) => [...neededFlows(app), ...calledFlows(app)]);
}

function neededFlows(app: PlannedApp): Flow[] {
  return app.bindings.map(({ origin, binding }) => ({
    name: `${app.name}-to-${binding.intent.name}`,
    from: endOf(app),
    to: binding.endpoint,
    port: binding.port,
    protocol: "TCP",
    purpose: binding.intent.kind === "app" ? "app" : "data",
    application: binding.application,
    encryption: binding.encryption,
    origin,
  }));
}

function calledFlows(app: PlannedApp): Flow[] {
  return app.calls.map(({ name, host, port, addresses, origin }) => ({
    name: `${app.name}-to-${name}`,
    from: endOf(app),
    to: { kind: "external", name: host, addresses },
    port,
    protocol: "TCP",
    purpose: "app",
    application: port === HTTPS_PORT ? "https" : "tcp",
    encryption: port === HTTPS_PORT ? "tls" : "none",
    origin,
  }));
}

const HTTPS_PORT = 443;

const endOf = ({ name, namespace }: PlannedApp): Endpoint => ({
  kind: "workload",
  namespace,
  name,
});
