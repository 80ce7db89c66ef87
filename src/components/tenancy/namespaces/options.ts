// How large quotas are, and what a container gets that states nothing.

import {
  number,
  object,
  oneOf,
  optional,
  record,
  string,
  type Resources,
  type Tagged,
} from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface NamespacesInput {
  /**
   * Where apps live that name no `namespace`. `app`: each in one of its own name. `tier`: in `frontend` where they have a route and in
   * `services` where not. `layer`: all in `apps`. `group`: in that of their `group`, and of their own name without. A `group`
   * goes first under `tier` and `layer` too. Default app.
   */
  scheme?: NamespaceScheme;
  /** Quotas that are fixed instead of derived, by namespace; checked against what its pods need at their largest. */
  quotas?: Record<string, QuotaInput>;
  /** Room above what the workloads need at their largest, in percent. Default 25. */
  headroom?: number;
  /** For containers that state nothing. Default: 100m CPU and 128Mi requested, 500m and 256Mi limit, as for apps. */
  defaults?: Resources;
}

export type NamespaceScheme = "app" | "tier" | "layer" | "group";

export interface QuotaInput {
  requests: { cpu: string; memory: string };
  limits: { cpu: string; memory: string };
}

export interface NamespacesOptions {
  readonly scheme: NamespaceScheme;
  readonly quotas: Readonly<Record<string, Readonly<QuotaInput>>>;
  readonly headroom: number;
  readonly defaults: ContainerResources;
}

const amounts = object<QuotaInput["requests"]>({
  cpu: string("quantity"),
  memory: string("quantity"),
});

export const namespacesSchema = object<NamespacesInput, NamespacesOptions>({
  scheme: optional(oneOf(["app", "tier", "layer", "group"]), "app"),
  quotas: optional(record(object<QuotaInput>({ requests: amounts, limits: amounts })), {}),
  headroom: optional(number({ min: 0, max: 400 }), 25),
  defaults: optional(resourcesSchema(containerResources(["100m", "128Mi"], ["500m", "256Mi"])), {}),
});

/** A namespace for every app and system, with quota and container defaults. Chosen where the definition says nothing. */
export function namespaces(options: NamespacesInput = {}): Tagged<"namespaces", NamespacesInput> {
  return { kind: "namespaces", ...options };
}
