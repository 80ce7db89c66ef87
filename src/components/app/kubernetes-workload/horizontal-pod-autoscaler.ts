// The autoscaler of an app that scales; it alone owns the number of replicas.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedApp, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, type Fields } from "../../manifests/index.ts";

/** Absent where the environment is single, the app states no bounds, or who scales it by signals makes its own. */
export function appAutoscaler(
  { platform }: PlannedCluster,
  workload: Workload,
  { scale }: PlannedApp,
): KubernetesObject | undefined {
  if (scale === undefined || scale.signals !== undefined) return undefined;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(platform, workload),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: workload.kind, name: workload.name },
      minReplicas: scale.min,
      maxReplicas: scale.max,
      metrics: [
        utilization("cpu", scale.cpu),
        ...(scale.memory === undefined ? [] : [utilization("memory", scale.memory)]),
      ],
    },
  };
}

/** Percent of what the containers request. */
function utilization(resource: "cpu" | "memory", averageUtilization: number): Fields {
  return {
    type: "Resource",
    resource: { name: resource, target: { type: "Utilization", averageUtilization } },
  };
}
