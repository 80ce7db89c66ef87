// What a member's proxy knows and lets out: the Services of its flows, and the outside parties of its calls. Everything else
// is refused by the proxy as it is by the network. Source: Sidecar and ServiceEntry of istio/api networking/v1.

import { isDnsSubdomain } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Flow, Graph, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, systemLabels } from "../../manifests/index.ts";

const API_VERSION = "networking.istio.io/v1";
const API_SERVICE = "default/kubernetes.default.svc.cluster.local";
const CONTROL_PLANE = "istio-system/*";

export function sidecarScope(
  { platform }: PlannedCluster,
  graph: Graph,
  workload: Workload,
): KubernetesObject {
  const flows = graph.outOf(workload).filter(({ application }) => application !== "mesh tunnel");
  const hosts = flows.flatMap((flow) => hostsOf(flow, graph));
  return {
    apiVersion: API_VERSION,
    kind: "Sidecar",
    metadata: metadataOf(platform, workload),
    spec: {
      workloadSelector: { labels: workload.labels },
      // Pods that are called by their own addresses are in nobody's registry.
      ...(flows.some((flow) => isBeyondNames(flow, graph))
        ? { outboundTrafficPolicy: { mode: "ALLOW_ANY" } }
        : {}),
      egress: [{ hosts: [...new Set([CONTROL_PLANE, ...hosts])].toSorted() }],
    },
  };
}

function hostsOf({ to, port }: Flow, graph: Graph): string[] {
  if (to.kind === "api-server") return [API_SERVICE];
  if (to.kind === "external") return isName(to.name) ? [`./${to.name}`] : [];
  if (to.kind !== "workload") return [];
  return servicesFor(graph.workload(to.namespace, to.name), port).map(
    (name) => `${to.namespace}/${name}.${to.namespace}.svc.cluster.local`,
  );
}

function isBeyondNames({ to, port, protocol }: Flow, graph: Graph): boolean {
  if (protocol !== "TCP") return false;
  if (to.kind === "internet" || to.kind === "nodes") return true;
  if (to.kind === "external") return !isName(to.name);
  return (
    to.kind === "workload" && servicesFor(graph.workload(to.namespace, to.name), port).length === 0
  );
}

function servicesFor(workload: Workload | undefined, port: number): string[] {
  const found = workload?.services.filter(({ ports }) =>
    ports.some(({ targetPort }) => targetPort === port),
  );
  return (found ?? []).map(({ name }) => name);
}

/** A wildcard stands for one label or more. */
function isName(name: string): boolean {
  const plain = name.replace(/^\*\./, "");
  return isDnsSubdomain(plain) && plain.includes(".");
}

/** One for every namespace, party and port that a member there calls; only that namespace sees it. */
export function serviceEntries(
  { platform }: PlannedCluster,
  graph: Graph,
  members: readonly Workload[],
): { readonly object: KubernetesObject; readonly flow: Flow }[] {
  const entries = new Map<string, { readonly object: KubernetesObject; readonly flow: Flow }>();
  for (const member of members) {
    for (const flow of graph.outOf(member)) {
      if (flow.to.kind !== "external" || !isName(flow.to.name)) continue;
      const name = `${flow.to.name.replace(/^\*\./, "any.")}-${flow.port}`;
      const key = `${member.namespace}/${name}`;
      if (entries.has(key)) continue;
      const labels = systemLabels(platform, "istio", "egress");
      const metadata = { name, namespace: member.namespace, labels };
      entries.set(key, { object: serviceEntry(metadata, flow.to.name, flow), flow });
    }
  }
  return [...entries.values()];
}

function serviceEntry(
  metadata: KubernetesObject["metadata"],
  host: string,
  { port, encryption }: Flow,
): KubernetesObject {
  // Told apart by the name in the TLS handshake, or else by the address alone.
  const protocol = encryption === "none" ? "TCP" : "TLS";
  return {
    apiVersion: API_VERSION,
    kind: "ServiceEntry",
    metadata,
    spec: {
      hosts: [host],
      exportTo: ["."],
      location: "MESH_EXTERNAL",
      ports: [{ number: port, name: protocol.toLowerCase(), protocol }],
      resolution: host.startsWith("*") ? "NONE" : "DNS",
    },
  };
}
