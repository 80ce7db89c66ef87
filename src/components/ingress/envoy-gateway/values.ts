// Values of the chart. Keys as in envoyproxy/gateway v1.9.0 charts/gateway-helm/values.tmpl.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { replicasOf, RESOURCES } from "./surface.ts";

export function envoyGatewayValues(cluster: PlannedCluster): Fields {
  const replicas = replicasOf(cluster);
  return {
    deployment: { replicas, envoyGateway: { resources: RESOURCES.controlPlane } },
    ...(replicas > 1 ? { podDisruptionBudget: { minAvailable: 1 } } : {}),
    // Brought by gateway-crds-helm, so that they outlive this release.
    crds: { enabled: false },
    certgen: { job: { resources: RESOURCES.certificates } },
    // A webhook on every pod's binding, for routing by zone, which nothing here asks for.
    topologyInjector: { enabled: false },
  };
}
