// Options of MinIO.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface MinioInput {
  /** Volume for all buckets together. Default 20Gi. */
  storage?: string;
  /** StorageClass of the volume. Default: the cluster's default class. */
  storageClass?: string;
  /** Default: 100m CPU and 256Mi requested, 1 CPU and 1Gi limit. */
  resources?: Resources;
}

export interface MinioOptions {
  readonly storage: string;
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const minioSchema = object<MinioInput, MinioOptions>({
  storage: optional(string("quantity"), "20Gi"),
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["100m", "256Mi"], ["1", "1Gi"])), {}),
});

/** MinIO in the cluster. No longer maintained upstream: `seaweedfs` does the same. */
export function minio(options: MinioInput = {}): Tagged<"minio", MinioInput> {
  return { kind: "minio", ...options };
}
