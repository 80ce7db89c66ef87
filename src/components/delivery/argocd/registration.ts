// Registers the cluster Argo CD runs in under the platform's labels. No credential: for this address Argo CD uses its own
// ServiceAccount. Fields: argo-cd docs/operator-manual/declarative-setup.md "Clusters", v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";

/** Which platform's ApplicationSets take this cluster. */
export const PLATFORM_LABEL = "keelson.dev/platform";
export const IN_CLUSTER = "https://kubernetes.default.svc";

export function clusterRegistration({
  platform,
  environment,
  target,
}: PlannedCluster): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `cluster-${target}`,
      namespace: ARGOCD_NAMESPACE,
      labels: {
        ...systemLabels(platform, "argocd", "cluster"),
        "argocd.argoproj.io/secret-type": "cluster",
        [PLATFORM_LABEL]: platform,
        environment,
        // Names the folder below `clusters/` that holds this cluster's lists.
        target,
      },
    },
    type: "Opaque",
    stringData: {
      name: target,
      server: IN_CLUSTER,
      config: JSON.stringify({ tlsClientConfig: { insecure: false } }),
    },
  };
}
