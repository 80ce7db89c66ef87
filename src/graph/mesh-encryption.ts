// What a mesh does to the flows between its members: they are mutual TLS, and where members reach each other through a
// tunnel, the tunnel's port is open as well. Everything else a member hears is plain text: an exception, with its reason.

import type { Endpoint, Flow, Graph, Workload } from "../model/index.ts";

export function throughMesh(flows: readonly Flow[], workloads: readonly Workload[]): Flow[] {
  const members = new Map(
    workloads.flatMap((workload) =>
      workload.mesh === undefined ? [] : [[keyOf(workload), workload] as const],
    ),
  );
  if (members.size === 0) return [...flows];
  const tunnels = new Set<string>();
  return flows.flatMap((flow) => {
    const from = memberOf(flow.from, members);
    const to = memberOf(flow.to, members);
    if (from === undefined || to === undefined || flow.protocol !== "TCP") return [flow];
    const encrypted: Flow = { ...flow, encryption: "mtls" };
    const port = to.mesh?.tunnelPort;
    const pair = `${keyOf(from)}>${keyOf(to)}`;
    if (port === undefined || tunnels.has(pair)) return [encrypted];
    tunnels.add(pair);
    return [encrypted, tunnelOf(encrypted, port)];
  });
}

function tunnelOf(flow: Flow, port: number): Flow {
  return {
    ...flow,
    name: `${flow.name}-tunnel`,
    port,
    purpose: "internal",
    application: "mesh tunnel",
  };
}

const keyOf = ({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string => `${namespace}/${name}`;

function memberOf(end: Endpoint, members: ReadonlyMap<string, Workload>): Workload | undefined {
  return end.kind === "workload" ? members.get(keyOf(end)) : undefined;
}

/** A port of a member that takes connections which are not the mesh's. */
export interface PlaintextPort {
  readonly port: number;
  /** The flows that make it one, sorted by name. */
  readonly flows: readonly Flow[];
}

/**
 * Ports of a member on which it must also understand callers outside the mesh, and its own peers: replicas of one store
 * speak to each other by address, before any proxy knows who they are. Sorted by port; none for who is no member.
 */
export function plaintextPorts(workload: Workload, graph: Graph): PlaintextPort[] {
  if (workload.mesh === undefined) return [];
  const ports = new Map<number, Flow[]>();
  for (const flow of graph.into(workload)) {
    if (flow.protocol !== "TCP" || !isException(flow, graph)) continue;
    const known = ports.get(flow.port);
    if (known === undefined) ports.set(flow.port, [flow]);
    else known.push(flow);
  }
  return [...ports].toSorted(([a], [b]) => a - b).map(([port, flows]) => ({ port, flows }));
}

/** An ingress outside the mesh may show a certificate of its own, which no proxy knows. */
function isException({ from, to, encryption }: Flow, graph: Graph): boolean {
  const caller = from.kind === "workload" ? graph.workload(from.namespace, from.name) : undefined;
  return encryption !== "mtls" || caller?.mesh === undefined || isSelf(from, to);
}

export function isSelf(from: Endpoint, to: Endpoint): boolean {
  return from.kind === "workload" && to.kind === "workload" && keyOf(from) === keyOf(to);
}
