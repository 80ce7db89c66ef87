// Who may talk to whom, and on which addresses.

import { count } from "../../core/index.ts";
import { plaintextPorts } from "../../graph/index.ts";
import { isProvided } from "../../model/index.ts";
import type { Endpoint, Workload } from "../../model/index.ts";
import { checkAddressRanges } from "../checks/address-ranges.ts";
import { checkNetworkFlows } from "../checks/network-flows.ts";
import { trafficOf } from "../network/traffic.ts";
import type { Prove } from "./proof.ts";
import { provedBy } from "./proof.ts";

const allDeclared = provedBy([checkNetworkFlows], "only declared flows pass", (view) => {
  const { deniedPairs } = trafficOf(view);
  const flows = count(view.graph.flows.length, "flow");
  const { displayName } = view.cluster.substrate;
  return `${flows} allowed, ${count(deniedPairs, "pair")} of pods denied; ${displayName} enforces`;
});

/** Not promised where a definition leaves everything open. */
export const proveDefaultDeny: Prove = (view) =>
  isProvided(view.cluster, "isolation") ? allDeclared(view) : [];

export const proveAddressRanges = provedBy(
  [checkAddressRanges],
  "address ranges do not overlap",
  ({ cluster: { network } }) =>
    `pods ${network.podRange}, services ${network.serviceRange}, nodes ${network.nodeRange}`,
);

const isMember = (from: Endpoint, members: readonly Workload[]): boolean =>
  from.kind === "workload" &&
  members.some(({ namespace, name }) => namespace === from.namespace && name === from.name);

/** Only promised where there is a mesh; the exceptions are named, because each is a port that answers strangers. */
export const proveMutualTls: Prove = ({ graph }) => {
  const members = graph.workloads.filter(({ mesh }) => mesh !== undefined);
  if (members.length === 0) return [];
  const encrypted = members
    .flatMap((member) => graph.into(member))
    .filter(({ encryption, from }) => encryption === "mtls" && isMember(from, members)).length;
  const open = members.flatMap((member) =>
    plaintextPorts(member, graph).map(({ port }) => `${member.name}:${port}`),
  );
  const exceptions = open.length === 0 ? "no exception" : `but for ${open.join(", ")}`;
  const evidence = `${count(encrypted, "flow")} between ${count(members.length, "member")}, ${exceptions}`;
  return [{ promise: "members of the mesh speak mutual TLS", evidence }];
};
