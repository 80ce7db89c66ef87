// How large quotas are, and what a container gets that states nothing.

import { number, object, optional, type Resources } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface NamespacesInput {
  /** Room above what the workloads need at their largest, in percent. Default 25. */
  headroom?: number;
  /** For containers that state nothing. Default: 100m CPU and 128Mi requested, 500m and 256Mi limit, as for apps. */
  defaults?: Resources;
}

export interface NamespacesOptions {
  readonly headroom: number;
  readonly defaults: ContainerResources;
}

export const namespacesSchema = object<NamespacesInput, NamespacesOptions>({
  headroom: optional(number({ min: 0, max: 400 }), 25),
  defaults: optional(resourcesSchema(containerResources(["100m", "128Mi"], ["500m", "256Mi"])), {}),
});
