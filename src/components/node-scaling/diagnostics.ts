// Who makes nodes, and who does already.

import { defineDiagnostic } from "../../core/index.ts";

export const noNodeProvider = defineDiagnostic<{
  component: string;
  substrate: string;
  scalesItself: boolean;
}>({
  code: "node-scaling/no-provider",
  severity: "error",
  message: ({ component, substrate, scalesItself }) =>
    scalesItself
      ? `${component} cannot make nodes of ${substrate}, which scales its node pools itself`
      : `${component} cannot make nodes of ${substrate}: somebody has to add machines there`,
  hint: ({ scalesItself }) =>
    scalesItself
      ? "leave nodeScaling out, or write nodeScaling: clusterAutoscaler(); nodes.min and nodes.max bound the pool"
      : "write nodeScaling: null for this cluster, and state the machines there are",
});
