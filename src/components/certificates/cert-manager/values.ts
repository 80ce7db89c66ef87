// Values of the cert-manager chart. Keys as in v1.21 deploy/charts/cert-manager/values.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { CertManagerOptions } from "./options.ts";
import { asksByHttp, NAMESPACE, replicasOf, RESOURCES, WEBHOOK_PORT } from "./surface.ts";

export function certManagerValues(cluster: PlannedCluster, { issuer }: CertManagerOptions): Fields {
  const replicas = replicasOf(cluster);
  const budget = replicas.controller > 1 ? { podDisruptionBudget: { enabled: true } } : {};
  const byGateway =
    asksByHttp(issuer) &&
    cluster.certificates.some(({ challenges }) => challenges.by.kind === "gateway");
  return {
    crds: { enabled: true, keep: true },
    // Not in kube-system, which belongs to the cluster.
    global: { leaderElection: { namespace: NAMESPACE } },
    replicaCount: replicas.controller,
    resources: RESOURCES.controller,
    ...budget,
    ...(byGateway ? { config: GATEWAY_CONFIGURATION } : {}),
    ...(issuer.kind === "acme" && !asksByHttp(issuer)
      ? // The cluster's own DNS; questions to the zone's servers would leave past every policy.
        { dns01RecursiveNameserversOnly: true }
      : {}),
    webhook: {
      securePort: WEBHOOK_PORT,
      replicaCount: replicas.webhook,
      resources: RESOURCES.webhook,
      ...budget,
    },
    cainjector: { replicaCount: replicas.cainjector, resources: RESOURCES.cainjector, ...budget },
    // A hook that waits for the webhook, which whoever delivers does by the health of the Deployments.
    startupapicheck: { enabled: false },
  };
}

const GATEWAY_CONFIGURATION: Fields = {
  apiVersion: "controller.config.cert-manager.io/v1alpha1",
  kind: "ControllerConfiguration",
  enableGatewayAPI: true,
};
