// Options of Istio. What requests get (timeouts, retries …) stands with the apps, whatever mesh there is.

import {
  list,
  number,
  object,
  oneOf,
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

export interface IstioInput {
  /** `sidecar`: a proxy in every pod. `ambient`: one on every node, which encrypts and authorises only. Default sidecar. */
  mode?: "sidecar" | "ambient";
  /** Name of the control plane that namespaces ask for by label. Default "default". */
  revision?: string;
  /** Of every sidecar. Default 50m CPU and 64Mi requested, 200m and 256Mi limit; the chart's own limit is two cores. */
  sidecar?: Resources;
  /** Namespaces that stay outside. Their traffic is plain text. Default: none but the platform's own systems. */
  exclude?: string[];
  /** Traces kept, in percent of requests, where the platform collects traces. Default 1. */
  sampling?: number;
  /** Which requests proxies log. Default "errors": answers of 400 and above. */
  accessLogs?: "all" | "errors" | "none";
}

export interface IstioOptions {
  readonly mode: "sidecar" | "ambient";
  readonly revision: string;
  readonly sidecar: ContainerResources;
  readonly exclude: readonly string[];
  readonly sampling: number;
  readonly accessLogs: "all" | "errors" | "none";
}

export const istioSchema = object<IstioInput, IstioOptions>({
  mode: optional(oneOf(["sidecar", "ambient"]), "sidecar"),
  revision: optional(string("dnsLabel"), "default"),
  sidecar: optional(resourcesSchema(containerResources(["50m", "64Mi"], ["200m", "256Mi"])), {}),
  exclude: optional(list(string("dnsLabel")), []),
  sampling: optional(number({ min: 0, max: 100 }), 1),
  accessLogs: optional(oneOf(["all", "errors", "none"]), "errors"),
});

/** Istio: mutual TLS, authorisation and traffic management between workloads. */
export function istio(options: IstioInput = {}): Tagged<"istio", IstioInput> {
  return { kind: "istio", ...options };
}
