// Values of the external-secrets chart. Keys as in deploy/charts/external-secrets/values.yaml of 2.9.0.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { ExternalSecretsOptions } from "./options.ts";
import { replicasOf, RESOURCES, WEBHOOK_PORT } from "./surface.ts";

export function externalSecretsValues(
  cluster: PlannedCluster,
  { aws }: ExternalSecretsOptions,
): Fields {
  const replicas = replicasOf(cluster);
  const role = aws?.role;
  return {
    replicaCount: replicas,
    leaderElect: replicas > 1,
    resources: RESOURCES,
    ...(role === undefined
      ? {}
      : { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": role } } }),
    // Only what the platform declares is read: nothing is pushed, and no secret is spread over namespaces by a label.
    processPushSecret: false,
    processClusterPushSecret: false,
    processClusterExternalSecret: false,
    webhook: { replicaCount: replicas, port: WEBHOOK_PORT, resources: RESOURCES },
    certController: { resources: RESOURCES },
  };
}
