// The ScaledObject of an app: its bounds, CPU and memory as its plain autoscaler would have them, and its signals.

import { parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import type { KedaOptions } from "./options.ts";
import type { SignalledApp } from "./surface.ts";
import { triggers, utilization } from "./triggers.ts";

export function scaledObject(
  cluster: PlannedCluster,
  app: SignalledApp,
  { pollingInterval }: KedaOptions,
): KubernetesObject {
  const { name, namespace, scale } = app;
  const { min, max, cpu, memory, signals = [] } = scale;
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: {
      name,
      namespace,
      labels: {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/component": "app",
        "app.kubernetes.io/part-of": cluster.platform,
      },
    },
    spec: {
      scaleTargetRef: { name },
      pollingInterval: Math.ceil((parseDuration(pollingInterval) ?? 0) / 1000),
      minReplicaCount: min,
      maxReplicaCount: max,
      triggers: [
        utilization("cpu", cpu),
        ...(memory === undefined ? [] : [utilization("memory", memory)]),
        ...signals.flatMap((signal) => triggers(cluster, app, signal)),
      ],
    },
  };
}
