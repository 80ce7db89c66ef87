// Amazon EKS. Nodes, pods and the API server's network interfaces all have addresses of the VPC.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { workersOf } from "../node-pool.ts";
import { instanceSize } from "./instance-size.ts";
import { eksSchema, type EksOptions } from "./options.ts";

export const eksSubstrate = defineSubstrate<EksOptions>({
  name: "eks",
  options: eksSchema,
  facts: ({ networkPolicy, zones, kubernetes }) => ({
    ...catalogueFacts("eks"),
    kubernetes,
    enforcesNetworkPolicy: networkPolicy,
    zones,
  }),
  nodes: ({ nodes, zones }) => workersOf(nodes, zones, instanceSize),
  network: ({ serviceRange }, { network }) => ({
    ...(network === undefined ? {} : { nodeRange: network, podRange: network }),
    ...(serviceRange === undefined ? {} : { serviceRange }),
  }),
});
