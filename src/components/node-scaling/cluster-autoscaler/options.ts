// Options of the Cluster Autoscaler. Defaults of the delays are its own (cluster-autoscaler/FAQ.md, "What are the parameters to CA").

import {
  integer,
  object,
  optional,
  string,
  type Resources,
  type Tagged,
} from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface ClusterAutoscalerInput {
  /** The cluster's name at the provider, by which its pools are found. Default: platform and cluster, "shop-main". */
  clusterName?: string;
  /** Version of its image; its minor is to be that of the cluster. Default 1.35.2. */
  version?: string;
  /** ARN of its role, for accounts without EKS Pod Identity. Default: Pod Identity. */
  role?: string;
  /** How long a node must be hardly used before it goes. Default 10m, its own. */
  unneededAfter?: string;
  /** Percent of a node's requests below which it counts as hardly used. Default 50, its own. */
  utilization?: number;
  /** Default: 100m CPU and 300Mi requested, 1 CPU and 600Mi limit. */
  resources?: Resources;
}

export interface ClusterAutoscalerOptions {
  readonly clusterName?: string;
  readonly version: string;
  readonly role?: string;
  readonly unneededAfter: string;
  readonly utilization: number;
  readonly resources: ContainerResources;
}

export const clusterAutoscalerSchema = object<ClusterAutoscalerInput, ClusterAutoscalerOptions>({
  clusterName: optional(string("dnsLabel")),
  version: optional(string(), "1.35.2"),
  role: optional(string()),
  unneededAfter: optional(string("duration"), "10m"),
  utilization: optional(integer({ min: 1, max: 100 }), 50),
  resources: optional(resourcesSchema(containerResources(["100m", "300Mi"], ["1", "600Mi"])), {}),
});

/** Grows and shrinks node pools between their bounds: installed on EKS, the provider's own on DOKS, GKE and AKS. */
export function clusterAutoscaler(
  options: ClusterAutoscalerInput = {},
): Tagged<"cluster-autoscaler", ClusterAutoscalerInput> {
  return { kind: "cluster-autoscaler", ...options };
}
