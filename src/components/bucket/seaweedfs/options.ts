// Options of SeaweedFS.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface SeaweedfsInput {
  /** Volume for all buckets together. Default 20Gi. */
  storage?: string;
  /** StorageClass of the volume. Default: the cluster's default class. */
  storageClass?: string;
  /** Default: 100m CPU and 256Mi requested, 1 CPU and 1Gi limit. */
  resources?: Resources;
}

export interface SeaweedfsOptions {
  readonly storage: string;
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const seaweedfsSchema = object<SeaweedfsInput, SeaweedfsOptions>({
  storage: optional(string("quantity"), "20Gi"),
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["100m", "256Mi"], ["1", "1Gi"])), {}),
});

/** S3 buckets in the cluster, on one volume of one server. */
export function seaweedfs(options: SeaweedfsInput = {}): Tagged<"seaweedfs", SeaweedfsInput> {
  return { kind: "seaweedfs", ...options };
}
