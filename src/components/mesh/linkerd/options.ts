// Options of Linkerd. What requests get (timeouts, retries …) stands with the apps, whatever mesh there is.

import {
  list,
  object,
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

export interface LinkerdInput {
  /** Of every sidecar. Default 50m CPU and 20Mi requested, 200m and 250Mi limit; the chart states none outside of HA. */
  sidecar?: Resources;
  /** Namespaces that stay outside. Their traffic is plain text. Default: none but the platform's own systems. */
  exclude?: string[];
  /**
   * PEM certificate of the root that identities hang from; a person seals the issuer's pair below it. Default: issued and
   * renewed on the cluster, which takes the slot `certificates`.
   */
  trustAnchor?: string;
}

export interface LinkerdOptions {
  readonly sidecar: ContainerResources;
  readonly exclude: readonly string[];
  readonly trustAnchor?: string;
}

export const linkerdSchema = object<LinkerdInput, LinkerdOptions>({
  // The lower memory figures are those of the chart's values-ha.yaml.
  sidecar: optional(resourcesSchema(containerResources(["50m", "20Mi"], ["200m", "250Mi"])), {}),
  exclude: optional(list(string("dnsLabel")), []),
  trustAnchor: optional(string()),
});

/** Linkerd: mutual TLS, authorisation, retries, timeouts and shares between workloads. */
export function linkerd(options: LinkerdInput = {}): Tagged<"linkerd", LinkerdInput> {
  return { kind: "linkerd", ...options };
}
