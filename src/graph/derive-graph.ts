// The graph of one cluster, derived once from its plan: what components declare, what needs and calls ask for, and the base
// allowances without which default deny would stop everything (DNS, API server, webhooks, scrapes).
// Kubelet probes are no flows: Kubernetes always allows traffic between a pod and its own node.

import type { Diagnostic } from "../core/index.ts";
import type { Graph, Outcome, PlannedCluster } from "../model/index.ts";
import { appFlows } from "./app-flows.ts";
import { baseAllowances } from "./base-allowances.ts";
import { createGraph } from "./create-graph.ts";
import { danglingFlow } from "./diagnostics.ts";
import { withUniqueNames } from "./flow-names.ts";
import { throughMesh } from "./mesh-encryption.ts";

export function deriveGraph(cluster: PlannedCluster): Outcome<Graph> {
  const asked = [...appFlows(cluster), ...cluster.flows, ...baseAllowances(cluster)];
  const flows = throughMesh(asked, cluster.workloads);
  const graph = createGraph(cluster.workloads, withUniqueNames(flows));
  const diagnostics = graph.flows.flatMap((flow) => missingEnds(flow, graph));
  return { value: graph, diagnostics };
}

function missingEnds(flow: Graph["flows"][number], graph: Graph): Diagnostic[] {
  return [flow.from, flow.to].flatMap((end) => {
    if (end.kind !== "workload" || graph.workload(end.namespace, end.name) !== undefined) return [];
    return danglingFlow(flow.origin, {
      flow: flow.name,
      namespace: end.namespace,
      workload: end.name,
    });
  });
}
