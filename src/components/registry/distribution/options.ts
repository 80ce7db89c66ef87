// Options of the registry.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface DistributionInput {
  /** Volume for layers. Default 20Gi. */
  storage?: string;
  /** StorageClass of the volume. Default: the cluster's default class. */
  storageClass?: string;
  /** Default: 100m CPU and 128Mi requested, 500m and 512Mi limit. */
  resources?: Resources;
}

export interface DistributionOptions {
  readonly storage: string;
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const distributionSchema = object<DistributionInput, DistributionOptions>({
  storage: optional(string("quantity"), "20Gi"),
  storageClass: optional(string("dnsLabel")),
  resources: optional(
    resourcesSchema(containerResources(["100m", "128Mi"], ["500m", "512Mi"])),
    {},
  ),
});

/** A private image registry in the cluster. */
export function distribution(
  options: DistributionInput = {},
): Tagged<"distribution", DistributionInput> {
  return { kind: "distribution", ...options };
}
