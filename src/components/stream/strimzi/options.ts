// Options of Strimzi.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface StrimziInput {
  /** Volume per broker. Default 10Gi. */
  storage?: string;
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Per broker. Default: 250m CPU and 1Gi requested, 1 CPU and 2Gi limit. */
  resources?: Resources;
}

export interface StrimziOptions {
  readonly storage: string;
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const strimziSchema = object<StrimziInput, StrimziOptions>({
  storage: optional(string("quantity"), "10Gi"),
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["250m", "1Gi"], ["1", "2Gi"])), {}),
});

/** Kafka by an operator: as many brokers as the stream with most copies asks for, without ZooKeeper. */
export function strimzi(options: StrimziInput = {}): Tagged<"strimzi", StrimziInput> {
  return { kind: "strimzi", ...options };
}
