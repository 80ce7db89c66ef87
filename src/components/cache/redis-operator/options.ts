// Options of Redis by its operator.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface RedisOperatorInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Of each sentinel. Default: 50m CPU and 64Mi requested, 200m and 128Mi limit. */
  sentinel?: Resources;
  /** CPU of each server: requested. Default 100m; the limit is ten times as much, 1. */
  cpu?: string;
}

export interface RedisOperatorOptions {
  readonly storageClass?: string;
  readonly sentinel: ContainerResources;
  readonly cpu: string;
}

export const redisOperatorSchema = object<RedisOperatorInput, RedisOperatorOptions>({
  storageClass: optional(string("dnsLabel")),
  sentinel: optional(resourcesSchema(containerResources(["50m", "64Mi"], ["200m", "128Mi"])), {}),
  cpu: optional(string("quantity"), "100m"),
});

/** A primary with replicas for every cache, and sentinels that make one of them primary when it is lost. */
export function redisOperator(
  options: RedisOperatorInput = {},
): Tagged<"redis-operator", RedisOperatorInput> {
  return { kind: "redis-operator", ...options };
}
