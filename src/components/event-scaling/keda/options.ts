// Options of KEDA.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface KedaInput {
  /** How often signals are asked for. Default 30s, KEDA's own. */
  pollingInterval?: string;
  /** Of each of its three programs. Default: 100m CPU and 100Mi requested, 1 CPU and 1000Mi limit, the chart's own. */
  resources?: Resources;
}

export interface KedaOptions {
  readonly pollingInterval: string;
  readonly resources: ContainerResources;
}

export const kedaSchema = object<KedaInput, KedaOptions>({
  pollingInterval: optional(string("duration"), "30s"),
  resources: optional(resourcesSchema(containerResources(["100m", "100Mi"], ["1", "1000Mi"])), {}),
});

/** Scales apps by their `scale.signals`; an app without any keeps its plain autoscaler. */
export function keda(options: KedaInput = {}): Tagged<"keda", KedaInput> {
  return { kind: "keda", ...options };
}
