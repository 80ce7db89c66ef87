// Options of CloudNativePG.

import {
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

export interface CloudnativePgInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Per instance. Default: 100m CPU and 512Mi requested, 1 CPU and 1Gi limit. */
  resources?: Resources;
  /**
   * Of several instances: `required` commits only what a standby has too, and stops writes when none is left; `preferred`
   * writes on without. Default required from three instances on, preferred with two.
   */
  durability?: "required" | "preferred";
  /** Schedule of volume snapshots, in UTC, e.g. "0 1 * * *"; the class must support them. Default: none. */
  snapshots?: string;
  /** VolumeSnapshotClass of those. Default: the class of the driver. */
  snapshotClass?: string;
}

export interface CloudnativePgOptions {
  readonly storageClass?: string;
  readonly resources: ContainerResources;
  readonly durability?: "required" | "preferred";
  readonly snapshots?: string;
  readonly snapshotClass?: string;
}

export const cloudnativePgSchema = object<CloudnativePgInput, CloudnativePgOptions>({
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["100m", "512Mi"], ["1", "1Gi"])), {}),
  durability: optional(oneOf(["required", "preferred"])),
  snapshots: optional(string("cron")),
  snapshotClass: optional(string("dnsLabel")),
});

/** PostgreSQL by an operator: as many instances as asked for, synchronous, with failover. */
export function cloudnativePg(
  options: CloudnativePgInput = {},
): Tagged<"cloudnative-pg", CloudnativePgInput> {
  return { kind: "cloudnative-pg", ...options };
}
