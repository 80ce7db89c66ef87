// DigitalOcean Kubernetes: Cilium is its CNI and enforces policies; nodes stand in the VPC of one data centre.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { workersOf } from "../node-pool.ts";
import { dropletSize } from "./droplet-size.ts";
import { doksSchema, type DoksOptions } from "./options.ts";

export const doksSubstrate = defineSubstrate<DoksOptions>({
  name: "doks",
  options: doksSchema,
  facts: ({ kubernetes }) => ({ ...catalogueFacts("doks"), kubernetes }),
  nodes: ({ nodes }) => workersOf(nodes, 1, dropletSize),
  network: ({ podRange, serviceRange }, { network }) => ({
    ...(network === undefined ? {} : { nodeRange: network }),
    ...(podRange === undefined ? {} : { podRange }),
    ...(serviceRange === undefined ? {} : { serviceRange }),
  }),
});
