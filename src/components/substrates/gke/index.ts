// Google Kubernetes Engine, Standard mode with Dataplane V2, which enforces policies. Pods have a secondary range of the VPC.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { workersOf } from "../node-pool.ts";
import { machineTypeSize } from "./machine-type-size.ts";
import { gkeSchema, type GkeOptions } from "./options.ts";

export const gkeSubstrate = defineSubstrate<GkeOptions>({
  name: "gke",
  options: gkeSchema,
  facts: ({ zones, kubernetes }) => ({ ...catalogueFacts("gke"), zones, kubernetes }),
  nodes: ({ nodes, zones }) => workersOf(nodes, zones, machineTypeSize),
  network: ({ podRange, serviceRange }, { network }) => ({
    ...(network === undefined ? {} : { nodeRange: network }),
    ...(podRange === undefined ? {} : { podRange }),
    ...(serviceRange === undefined ? {} : { serviceRange }),
  }),
});
