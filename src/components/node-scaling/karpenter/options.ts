// Options of Karpenter. Names of roles and tags as in karpenter.sh/docs/getting-started.

import {
  integer,
  list,
  object,
  oneOf,
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

export interface KarpenterInput {
  /** The cluster's name at the provider. Default: platform and cluster, "shop-main". */
  clusterName?: string;
  /** IAM role of the nodes. Default: KarpenterNodeRole-<clusterName>. */
  nodeRole?: string;
  /** ARN of Karpenter's own role, for accounts without EKS Pod Identity. Default: Pod Identity. */
  controllerRole?: string;
  /** How nodes are bought. Default on-demand. */
  capacity?: ("on-demand" | "spot")[];
  /** Categories of instances. Default c, m and r. */
  categories?: string[];
  /** All of its nodes together have no more cores. Default 100. */
  cpuMax?: number;
  /** Nodes are replaced at this age, with the newest image. Default 720h, Karpenter's own. */
  expireAfter?: string;
  /** How long nodes must be empty or underused before they go. Default 1m. */
  consolidateAfter?: string;
  /** Default: 250m CPU and 512Mi requested, 1 CPU and 1Gi limit. */
  resources?: Resources;
}

export interface KarpenterOptions {
  readonly clusterName?: string;
  readonly nodeRole?: string;
  readonly controllerRole?: string;
  readonly capacity: readonly ("on-demand" | "spot")[];
  readonly categories: readonly string[];
  readonly cpuMax: number;
  readonly expireAfter: string;
  readonly consolidateAfter: string;
  readonly resources: ContainerResources;
}

export const karpenterSchema = object<KarpenterInput, KarpenterOptions>({
  clusterName: optional(string("dnsLabel")),
  nodeRole: optional(string()),
  controllerRole: optional(string()),
  capacity: optional(list(oneOf(["on-demand", "spot"]), { min: 1 }), ["on-demand"]),
  categories: optional(list(string("dnsLabel"), { min: 1 }), ["c", "m", "r"]),
  cpuMax: optional(integer({ min: 1 }), 100),
  expireAfter: optional(string("duration"), "720h"),
  consolidateAfter: optional(string("duration"), "1m"),
  resources: optional(resourcesSchema(containerResources(["250m", "512Mi"], ["1", "1Gi"])), {}),
});

/** Makes nodes for pods that wait, and takes away those that are hardly used. */
export function karpenter(options: KarpenterInput = {}): Tagged<"karpenter", KarpenterInput> {
  return { kind: "karpenter", ...options };
}
