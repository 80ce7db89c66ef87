// Registers one more cluster in the hub's Argo CD, as `argocd cluster add` does, under the platform's labels.

import type { KubeApi } from "../kubernetes/index.ts";
import type { PlannedCluster } from "../model/index.ts";

const MANAGER = "keelson-runtime";

export async function registerCluster(
  hub: KubeApi,
  { platform, environment, target }: PlannedCluster,
  server: string,
): Promise<void> {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `cluster-${target}`,
      namespace: "argocd",
      labels: {
        "argocd.argoproj.io/secret-type": "cluster",
        "keelson.dev/platform": platform,
        environment,
        target,
      },
    },
    type: "Opaque",
    stringData: { name: target, server, config: "{}" },
  };
  await hub.apply(secret, { fieldManager: MANAGER });
}
