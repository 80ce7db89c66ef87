// Who may call whom: nobody, but for the flows of the graph, by the identity of the caller. Source: AuthorizationPolicy of
// istio/api security/v1; an ALLOW rule with HTTP fields never matches a TCP connection, so only scrapes have them.

import { groupBy } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Flow, Graph, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, systemLabels, type Fields } from "../../manifests/index.ts";
import { principalOf } from "../membership.ts";
import { NAMESPACE } from "./surface.ts";

const API_VERSION = "security.istio.io/v1";

/** Without a rule nothing matches, and what nothing allows is refused. */
export function denyByDefault({ platform }: PlannedCluster): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "AuthorizationPolicy",
    metadata: {
      name: "deny-by-default",
      namespace: NAMESPACE,
      labels: systemLabels(platform, "istio", "authorization"),
    },
    spec: {},
  };
}

/** Absent for a member that nobody calls. */
export function allowedCallers(
  { platform }: PlannedCluster,
  graph: Graph,
  workload: Workload,
  layer: "http" | "tcp",
): KubernetesObject | undefined {
  const flows = graph.into(workload).filter(({ protocol, application }) => {
    return protocol === "TCP" && application !== "mesh tunnel";
  });
  if (flows.length === 0) return undefined;
  const rules = groupBy(flows, (flow) =>
    JSON.stringify([
      flow.port,
      callerKind(flow, graph),
      layer === "http" && flow.purpose === "scrape",
    ]),
  );
  return {
    apiVersion: API_VERSION,
    kind: "AuthorizationPolicy",
    metadata: metadataOf(platform, workload),
    spec: {
      selector: { matchLabels: workload.labels },
      action: "ALLOW",
      rules: [...rules]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, alike]) => ruleOf(alike, workload, graph, layer)),
    },
  };
}

type CallerKind = "member" | "stranger" | "anybody";

/** Who is outside the mesh has no identity here; the network policies say who that may be. */
function callerKind({ from }: Flow, graph: Graph): CallerKind {
  if (from.kind === "every-workload" || from.kind === "internet") return "anybody";
  if (from.kind !== "workload") return "stranger";
  return graph.workload(from.namespace, from.name)?.mesh === undefined ? "stranger" : "member";
}

function ruleOf(
  flows: readonly Flow[],
  workload: Workload,
  graph: Graph,
  layer: "http" | "tcp",
): Fields {
  const [first] = flows;
  const kind = first === undefined ? "anybody" : callerKind(first, graph);
  const isSelfCall = flows.some(({ from }) => isSame(from, workload));
  const scrape =
    layer === "http" && first?.purpose === "scrape" ? workload.metrics?.path : undefined;
  const operation = {
    ports: [String(first?.port ?? "")],
    ...(scrape === undefined ? {} : { methods: ["GET"], paths: [scrape] }),
  };
  const source = kind === "member" ? { principals: principalsOf(flows, graph) } : STRANGER;
  // Peers may meet before they know each other, so that they count as strangers as well.
  const from = [{ source }, ...(kind === "member" && isSelfCall ? [{ source: STRANGER }] : [])];
  return { ...(kind === "anybody" ? {} : { from }), to: [{ operation }] };
}

/** Nobody who could prove who he is. */
const STRANGER = { notPrincipals: ["*"] };

function isSame(end: Flow["from"], { namespace, name }: Workload): boolean {
  return end.kind === "workload" && end.namespace === namespace && end.name === name;
}

function principalsOf(flows: readonly Flow[], graph: Graph): string[] {
  const names = flows.flatMap(({ from }) => {
    const caller = from.kind === "workload" ? graph.workload(from.namespace, from.name) : undefined;
    return caller === undefined ? [] : [principalOf(caller)];
  });
  return [...new Set(names)].toSorted();
}
