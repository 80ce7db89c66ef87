// Options of metrics-server.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface MetricsServerInput {
  /** How often the kubelets are asked. Default 15s, the chart's own. */
  resolution?: string;
  /** Default: 100m CPU and 200Mi requested (upstream: enough for 100 nodes), 500m and 500Mi limit. */
  resources?: Resources;
}

export interface MetricsServerOptions {
  readonly resolution: string;
  readonly resources: ContainerResources;
}

export const metricsServerSchema = object<MetricsServerInput, MetricsServerOptions>({
  resolution: optional(string("duration"), "15s"),
  resources: optional(
    resourcesSchema(containerResources(["100m", "200Mi"], ["500m", "500Mi"])),
    {},
  ),
});

/** Serves `metrics.k8s.io` where the substrate does not; installs nothing where it does. */
export function metricsServer(
  options: MetricsServerInput = {},
): Tagged<"metrics-server", MetricsServerInput> {
  return { kind: "metrics-server", ...options };
}
