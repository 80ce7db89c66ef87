// Voluntary evictions take one data plane pod at a time; the provisioner makes no budget of its own.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { CHART, DATA_PLANE, GATEWAY, replicasOf } from "./surface.ts";

export function dataPlaneBudget(cluster: PlannedCluster): KubernetesObject | undefined {
  if (replicasOf(cluster) < 2) return undefined;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { ...DATA_PLANE, labels: systemLabels(cluster.platform, CHART, "gateway") },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": GATEWAY } },
    },
  };
}
