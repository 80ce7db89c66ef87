// Registers clusters under the platform's labels: the one Argo CD runs in, for whose address it uses its own ServiceAccount, and
// further ones, as `argocd cluster add` does. Fields: argo-cd docs/operator-manual/declarative-setup.md "Clusters", v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { NO_CREDENTIAL_ANNOTATION } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";

/** Which platform's ApplicationSets take this cluster. */
export const PLATFORM_LABEL = "keelson.dev/platform";
export const IN_CLUSTER = "https://kubernetes.default.svc";

/** The cluster it runs in; holds no credential. */
export function clusterRegistration(cluster: PlannedCluster): KubernetesObject {
  return registrationSecret(cluster, IN_CLUSTER, { tlsClientConfig: { insecure: false } });
}

export function registrationSecret(
  { platform, environment, target }: PlannedCluster,
  server: string,
  config: Fields = {},
): KubernetesObject {
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
      annotations: { [NO_CREDENTIAL_ANNOTATION]: "true" },
    },
    type: "Opaque",
    stringData: {
      name: target,
      server,
      config: JSON.stringify(config),
    },
  };
}
