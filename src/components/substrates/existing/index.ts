// A cluster that is already there, reached with a kubeconfig. Every fact that matters is an option.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { existingSchema, type ExistingOptions } from "./options.ts";

export const existingSubstrate = defineSubstrate<ExistingOptions>({
  name: "existing",
  options: existingSchema,
  facts: (options) => ({
    ...catalogueFacts("existing"),
    loadBalancer: options.loadBalancer,
    enforcesNetworkPolicy: options.networkPolicy,
    zones: options.zones,
    defaultStorageClass: options.storageClass ?? "",
    apiServerPort: options.apiServerPort,
  }),
  nodes: ({ nodes, zones }) => [
    {
      name: "workers",
      role: "worker",
      ...nodes,
      zones: Array.from({ length: zones }, (_, index) => String.fromCodePoint(97 + index)),
    },
  ],
  network: ({ podRange, serviceRange, nodeRange }, site) => {
    const machines = nodeRange ?? site.network;
    return {
      ...(podRange === undefined ? {} : { podRange }),
      ...(serviceRange === undefined ? {} : { serviceRange }),
      ...(machines === undefined ? {} : { nodeRange: machines }),
    };
  },
});
