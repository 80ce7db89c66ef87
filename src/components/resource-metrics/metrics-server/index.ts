// metrics-server: the use of CPU and memory for autoscalers and `kubectl top`. Keys of the values as in
// kubernetes-sigs/metrics-server charts/metrics-server/values.yaml 3.13.1.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { chartRelease } from "../../manifests/index.ts";
import { metricsServerSchema, type MetricsServerOptions } from "./options.ts";
import { CHART, metricsServerSurface, NAMESPACE, RELEASE, replicasOf } from "./surface.ts";

const AREA = "infrastructure/observability";

export const metricsServerFiller = defineSlotFiller<MetricsServerOptions>({
  name: "metrics-server",
  slot: "resourceMetrics",
  area: AREA,
  provides: ["resourceMetrics"],
  options: metricsServerSchema,
  surface: metricsServerSurface,
  emit: emitMetricsServer,
});

function emitMetricsServer(
  context: EmitContext,
  { resolution, resources }: MetricsServerOptions,
): Emission {
  const { cluster } = context;
  if (cluster.substrate.metricsApi) return {};
  const replicas = replicasOf(cluster);
  const values = {
    replicas,
    // The chart's own list, with the resolution of this platform.
    defaultArgs: [
      "--cert-dir=/tmp",
      "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
      "--kubelet-use-node-status-port",
      `--metric-resolution=${resolution}`,
    ],
    metrics: { enabled: true },
    resources,
    ...(replicas > 1 ? { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } } : {}),
  };
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        values,
      }),
    ],
  };
}
