// Azure Kubernetes Service with Azure CNI Overlay powered by Cilium, which enforces policies; pods have a range of their own.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { workersOf } from "../node-pool.ts";
import { aksSchema, type AksOptions } from "./options.ts";
import { vmSize } from "./vm-size.ts";

export const aksSubstrate = defineSubstrate<AksOptions>({
  name: "aks",
  options: aksSchema,
  facts: ({ zones, kubernetes }) => ({ ...catalogueFacts("aks"), zones, kubernetes }),
  nodes: ({ nodes, zones }) => workersOf(nodes, zones, vmSize),
  network: ({ podRange, serviceRange }, { network }) => ({
    ...(network === undefined ? {} : { nodeRange: network }),
    ...(podRange === undefined ? {} : { podRange }),
    ...(serviceRange === undefined ? {} : { serviceRange }),
  }),
});
