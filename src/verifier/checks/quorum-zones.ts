// Two zones hold no quorum: of three members one zone has two, and whoever loses that zone writes nothing. One zone is what a
// substrate is; two are a choice that buys nothing.

import { defineDiagnostic } from "../../core/index.ts";
import type { Check } from "../target-view.ts";

export const quorumInTwoZones = defineDiagnostic<{
  workload: string;
  cluster: string;
  members: number;
}>({
  code: "verify/quorum-in-two-zones",
  severity: "warning",
  message: ({ workload, cluster, members }) =>
    `${workload} agrees by ${Math.floor(members / 2) + 1} of ${members} members, and ${cluster} has two zones: one of them takes the majority along`,
  hint: () => "give the cluster three zones, or the standby a site of its own",
});

export const checkQuorumZones: Check = function* ({ cluster, graph }) {
  const zones = new Set(cluster.nodes.flatMap(({ zones: all }) => all));
  if (cluster.scale === "single" || zones.size !== 2) return;
  for (const { name, quorum, replicas, origin } of graph.workloads) {
    if (quorum !== true || replicas < 2) continue;
    const facts = { workload: name, cluster: cluster.name, members: replicas };
    yield quorumInTwoZones(origin, facts);
  }
};
