// What keeps an app up when a zone or a node goes: spread over both, and a bound on voluntary evictions.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, type Fields } from "../../manifests/index.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOSTNAME = "kubernetes.io/hostname";

/** Preferred, not required: a pod in a crowded zone is better than a pending pod. */
export function topologySpread(cluster: Pick<PlannedCluster, "scale">, workload: Workload): Fields {
  if (cluster.scale === "single") return {};
  return {
    topologySpreadConstraints: [ZONE, HOSTNAME].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: workload.labels },
    })),
  };
}

/** Absent for a single replica: a budget on it would block every node drain. */
export function disruptionBudget(
  { platform, scale }: PlannedCluster,
  workload: Workload,
): KubernetesObject | undefined {
  if (scale === "single" || workload.replicas < 2) return undefined;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(platform, workload),
    spec: { maxUnavailable: 1, selector: { matchLabels: workload.labels } },
  };
}
