// Who may talk to whom, and on which addresses.

import { count } from "../../core/index.ts";
import { checkAddressRanges } from "../checks/address-ranges.ts";
import { checkNetworkFlows } from "../checks/network-flows.ts";
import { trafficOf } from "../network/traffic.ts";
import { provedBy } from "./proof.ts";

export const proveDefaultDeny = provedBy(
  [checkNetworkFlows],
  "only declared flows pass",
  (view) => {
    const { deniedPairs } = trafficOf(view);
    const flows = count(view.graph.flows.length, "flow");
    const { displayName } = view.cluster.substrate;
    return `${flows} allowed, ${count(deniedPairs, "pair")} of pods denied; ${displayName} enforces`;
  },
);

export const proveAddressRanges = provedBy(
  [checkAddressRanges],
  "address ranges do not overlap",
  ({ cluster: { network } }) =>
    `pods ${network.podRange}, services ${network.serviceRange}, nodes ${network.nodeRange}`,
);
