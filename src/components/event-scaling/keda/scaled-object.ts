// The ScaledObject of an app: its bounds, CPU and memory as its plain autoscaler would have them, and its signals.
// Metadata of triggers as in kedacore/keda pkg/scalers/{prometheus,cron,cpu_memory}_scaler.go 2.20: all text.

import { parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, ScaleSignal } from "../../../model/index.ts";
import { type Fields } from "../../manifests/index.ts";
import type { KedaOptions } from "./options.ts";
import type { SignalledApp } from "./surface.ts";

export function scaledObject(
  cluster: PlannedCluster,
  { name, namespace, scale }: SignalledApp,
  { pollingInterval }: KedaOptions,
): KubernetesObject {
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
        ...signals.map((signal) => trigger(cluster, signal)),
      ],
    },
  };
}

function utilization(type: "cpu" | "memory", percent: number): Fields {
  return { type, metricType: "Utilization", metadata: { value: String(percent) } };
}

function trigger({ offers }: PlannedCluster, signal: ScaleSignal): Fields {
  if (signal.kind === "window") {
    const { start, end, timeZone, replicas } = signal;
    const metadata = { timezone: timeZone, start, end, desiredReplicas: String(replicas) };
    return { type: "cron", metadata };
  }
  const { query, perReplica } = signal;
  const server = offers.find(({ capability }) => capability === "metricsQuery");
  const metadata = { serverAddress: server?.url ?? "", query, threshold: String(perReplica) };
  return { type: "prometheus", metricType: "AverageValue", metadata };
}
