// Amazon EKS. Nodes, pods and the API server's network interfaces all have addresses of the VPC.

import { invariant } from "../../../core/index.ts";
import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts, IN_CLUSTER_PROVIDERS } from "../catalogue-facts.ts";
import { instanceSize } from "./instance-size.ts";
import { eksSchema, type EksOptions } from "./options.ts";

export const eksSubstrate = defineSubstrate<EksOptions>({
  name: "eks",
  options: eksSchema,
  providers: IN_CLUSTER_PROVIDERS,
  facts: ({ networkPolicy, zones }) => ({
    ...catalogueFacts("eks"),
    enforcesNetworkPolicy: networkPolicy,
    zones,
  }),
  nodes: ({ nodes, zones }) => {
    const size = instanceSize(nodes.size);
    invariant(size, `the schema accepted ${nodes.size}`);
    return [
      { name: "workers", role: "worker", count: nodes.min, ...size, zones: zoneNames(zones) },
    ];
  },
  network: ({ serviceRange }, { network }) => ({
    ...(network === undefined ? {} : { nodeRange: network, podRange: network }),
    ...(serviceRange === undefined ? {} : { serviceRange }),
  }),
});

/** Suffixes of the region's name: `a` of `eu-central-1a`. */
function zoneNames(count: number): string[] {
  return ["a", "b", "c", "d", "e", "f"].slice(0, count);
}
