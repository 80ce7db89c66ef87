// The policies of a mesh must let in exactly who the graph names: every flow into a member, and on a port that only members
// call nobody else. Decided from the objects, as the proxies would.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic, nthAddress, parseCidr } from "../../core/index.ts";
import { plaintextPorts } from "../../graph/index.ts";
import { meshDecider } from "../../components/index.ts";
import type { Flow, MeshDecider, MeshRequest, Workload } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const meshRefuses = defineDiagnostic<{ flow: string; port: number; reason: string }>({
  code: "verify/mesh-refuses-flow",
  severity: "error",
  message: ({ flow, port, reason }) => `the mesh refuses ${flow} on port ${port}: ${reason}`,
});

export const meshAdmits = defineDiagnostic<{ workload: string; port: number; who: string }>({
  code: "verify/mesh-admits-stranger",
  severity: "error",
  message: ({ workload, port, who }) =>
    `the mesh lets ${who} call port ${port} of ${workload}, which nobody asked for`,
});

export const checkMeshFlows: Check = function* (view) {
  const decide = meshDecider(
    view.cluster,
    view.objects.map(({ object }) => object),
  );
  if (decide === undefined) return;
  for (const member of view.graph.workloads.filter(({ mesh }) => isOurs(mesh)))
    yield* memberFindings(view, member, decide);
};

const isOurs = (mesh: Workload["mesh"]): boolean => mesh !== undefined && mesh.native !== true;

function* memberFindings(
  view: TargetView,
  member: Workload,
  decide: MeshDecider,
): Iterable<Diagnostic> {
  const flows = view.graph
    .into(member)
    .filter(({ protocol, application }) => protocol === "TCP" && application !== "mesh tunnel");
  for (const flow of flows) {
    const decision = decide(requestOf(flow, member, view));
    const { name, port } = flow;
    if (!decision.allowed)
      yield meshRefuses(flow.origin, { flow: name, port, reason: decision.reason });
  }
  const open = new Set(plaintextPorts(member, view.graph).map(({ port }) => port));
  for (const port of new Set(flows.map((flow) => flow.port))) {
    if (open.has(port)) continue;
    const to = { namespace: member.namespace, labels: member.labels };
    for (const [who, identity] of STRANGERS) {
      const address = addressIn(view.cluster.network.podRange);
      if (decide({ ...identity, address, to, port }).allowed)
        yield meshAdmits(member.origin, { workload: member.name, port, who });
    }
  }
}

const STRANGERS = [
  ["a caller without a certificate", {}],
  ["a member that has no such flow", { identity: { namespace: "none", serviceAccount: "none" } }],
] as const;

const OUTSIDE = "203.0.113.1";

/** What the far end looks like from the member. */
function requestOf({ from, port, purpose }: Flow, member: Workload, view: TargetView): MeshRequest {
  const { network } = view.cluster;
  const caller =
    from.kind === "workload" ? view.graph.workload(from.namespace, from.name) : undefined;
  const http =
    purpose === "scrape" && member.metrics !== undefined
      ? { http: { method: "GET", path: member.metrics.path } }
      : { http: { method: "POST", path: "/orders/1" } };
  return {
    ...(caller?.mesh === undefined
      ? {}
      : {
          identity: { namespace: caller.namespace, serviceAccount: caller.serviceAccount },
        }),
    address: addressOf(from, caller, network),
    to: { namespace: member.namespace, labels: member.labels },
    port,
    ...http,
  };
}

function addressOf(
  from: Flow["from"],
  caller: Workload | undefined,
  { podRange, nodeRange }: TargetView["cluster"]["network"],
): string {
  if (from.kind === "internet") return OUTSIDE;
  if (from.kind === "external") {
    const [range] = from.addresses;
    return range === undefined ? OUTSIDE : addressIn(range);
  }
  const onNode =
    from.kind === "api-server" || from.kind === "nodes" || caller?.hostNetwork === true;
  return addressIn(onNode ? nodeRange : podRange);
}

function addressIn(range: string): string {
  const parsed = parseCidr(range);
  return (parsed && nthAddress(parsed, 0)) ?? OUTSIDE;
}
