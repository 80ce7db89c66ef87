// Options of ElasticMQ.

import { object, optional, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface ElasticmqInput {
  /** Of the server; messages live in its memory. Default: 50m CPU and 128Mi requested, 500m and 512Mi limit. */
  resources?: Resources;
}

export interface ElasticmqOptions {
  readonly resources: ContainerResources;
}

export const elasticmqSchema = object<ElasticmqInput, ElasticmqOptions>({
  resources: optional(resourcesSchema(containerResources(["50m", "128Mi"], ["500m", "512Mi"])), {}),
});

/** The SQS API in the cluster, in memory. */
export function elasticmq(options: ElasticmqInput = {}): Tagged<"elasticmq", ElasticmqInput> {
  return { kind: "elasticmq", ...options };
}
