// What every platform needs although nobody asks for it: default deny would block it as well.

import type { Endpoint, Flow, PlannedCluster, Workload } from "../model/index.ts";

const DNS_PORT = 53;
const API: Endpoint = { kind: "api-server" };

export function baseAllowances(cluster: PlannedCluster): Flow[] {
  return [
    ...nameLookups(),
    ...cluster.workloads.flatMap((workload) => [
      ...apiCalls(workload, cluster),
      ...webhookCalls(workload),
    ]),
    ...scrapes(cluster.workloads),
  ];
}

/** Resolvers fall back to TCP when an answer does not fit into a datagram. */
function nameLookups(): Flow[] {
  return (["UDP", "TCP"] as const).map((protocol) => ({
    name: `dns-${protocol.toLowerCase()}`,
    from: { kind: "every-workload" },
    to: { kind: "cluster-dns" },
    port: DNS_PORT,
    protocol,
    purpose: "dns",
    application: "dns",
    encryption: "none",
    origin: ["isolation"],
  }));
}

function apiCalls(workload: Workload, { substrate }: PlannedCluster): Flow[] {
  if (!workload.usesApi) return [];
  const shared = {
    purpose: "api",
    application: "https",
    encryption: "tls",
    protocol: "TCP",
  } as const;
  const name = `${workload.name}-to-api-server`;
  return [
    {
      ...shared,
      name,
      from: endOf(workload),
      to: API,
      port: substrate.apiServerPort,
      origin: workload.origin,
    },
  ];
}

function webhookCalls(workload: Workload): Flow[] {
  if (workload.webhookPort === undefined) return [];
  const shared = {
    purpose: "webhook",
    application: "https",
    encryption: "tls",
    protocol: "TCP",
  } as const;
  const name = `api-server-to-${workload.name}`;
  return [
    {
      ...shared,
      name,
      from: API,
      to: endOf(workload),
      port: workload.webhookPort,
      origin: workload.origin,
    },
  ];
}

/** Only where something scrapes: a permission without a user is a hole. */
function scrapes(workloads: readonly Workload[]): Flow[] {
  const collectors = workloads.filter(({ collectsMetrics }) => collectsMetrics === true);
  return collectors.flatMap((collector) =>
    workloads.flatMap((workload) => {
      if (workload === collector || workload.metrics === undefined) return [];
      return {
        name: `${collector.name}-to-${workload.name}-metrics`,
        from: endOf(collector),
        to: endOf(workload),
        port: workload.metrics.port,
        protocol: "TCP",
        purpose: "scrape",
        application: workload.metrics.scheme ?? "http",
        encryption: workload.metrics.scheme === undefined ? "none" : "tls",
        origin: workload.origin,
      } as const;
    }),
  );
}

const endOf = ({ namespace, name }: Workload): Endpoint => ({ kind: "workload", namespace, name });
