// Talos Linux on machines of one's own: immutable, without a shell, configured through an API. Flannel is its CNI.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { talosSchema, type TalosOptions } from "./options.ts";

export const talosSubstrate = defineSubstrate<TalosOptions>({
  name: "talos",
  options: talosSchema,
  facts: ({ networkPolicy, storageClass, metricsServer, kubernetes }) => ({
    ...catalogueFacts("talos"),
    kubernetes,
    enforcesNetworkPolicy: networkPolicy,
    metricsApi: metricsServer,
    defaultStorageClass: storageClass,
  }),
  nodes: ({ controlPlanes, workers }) => [
    // Talos keeps ordinary pods off control planes unless `allowSchedulingOnControlPlanes` is set.
    {
      name: "control-plane",
      role: "control-plane",
      ...controlPlanes,
      zones: ["local"],
      ...(workers.count === 0 ? {} : { dedicated: true }),
    },
    ...(workers.count === 0
      ? []
      : [{ name: "worker", role: "worker" as const, ...workers, zones: ["local"] }]),
  ],
  network: ({ podRange, serviceRange, nodeRange }, { network }) => {
    const machines = nodeRange ?? network;
    return {
      ...(machines === undefined ? {} : { nodeRange: machines }),
      ...(podRange === undefined ? {} : { podRange }),
      ...(serviceRange === undefined ? {} : { serviceRange }),
    };
  },
});
