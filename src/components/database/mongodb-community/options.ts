// Options of MongoDB's own operator.

import { object, optional, string, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface MongodbCommunityInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** Volume per member for the agent's and the server's logs. Default 1Gi. */
  logStorage?: string;
  /** Per member. Default: 100m CPU and 512Mi requested, 1 CPU and 1Gi limit. */
  resources?: Resources;
}

export interface MongodbCommunityOptions {
  readonly storageClass?: string;
  readonly logStorage: string;
  readonly resources: ContainerResources;
}

export const mongodbCommunitySchema = object<MongodbCommunityInput, MongodbCommunityOptions>({
  storageClass: optional(string("dnsLabel")),
  logStorage: optional(string("quantity"), "1Gi"),
  resources: optional(resourcesSchema(containerResources(["100m", "512Mi"], ["1", "1Gi"])), {}),
});

/** A MongoDB replica set a database, by MongoDB's own operator; a lost primary is replaced by election. */
export function mongodbCommunity(
  options: MongodbCommunityInput = {},
): Tagged<"mongodb-community", MongodbCommunityInput> {
  return { kind: "mongodb-community", ...options };
}
