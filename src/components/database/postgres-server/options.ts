// Options of PostgreSQL in the cluster.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface PostgresServerInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Per server. Default: 100m CPU and 256Mi requested, 1 CPU and 512Mi limit; shared_buffers is 128MB by default. */
  resources?: Resources;
}

export interface PostgresServerOptions {
  readonly storageClass?: string;
  readonly resources: ContainerResources;
}

export const postgresServerSchema = object<PostgresServerInput, PostgresServerOptions>({
  storageClass: optional(string("dnsLabel")),
  resources: optional(resourcesSchema(containerResources(["100m", "256Mi"], ["1", "512Mi"])), {}),
});

/** One PostgreSQL server a database, in the cluster. */
export function postgresServer(
  options: PostgresServerInput = {},
): Tagged<"postgres-server", PostgresServerInput> {
  return { kind: "postgres-server", ...options };
}
