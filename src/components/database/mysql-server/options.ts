// Options of MySQL in the cluster.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface MysqlServerInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Per server. Default: 100m CPU and 512Mi requested, 1 CPU and 1Gi limit; its buffer pool is 128MB by default. */
  resources?: Resources;
}

export interface MysqlServerOptions {
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const mysqlServerSchema = object<MysqlServerInput, MysqlServerOptions>({
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["100m", "512Mi"], ["1", "1Gi"])), {}),
});

/** One MySQL server a database, in the cluster. */
export function mysqlServer(
  options: MysqlServerInput = {},
): Tagged<"mysql-server", MysqlServerInput> {
  return { kind: "mysql-server", ...options };
}
