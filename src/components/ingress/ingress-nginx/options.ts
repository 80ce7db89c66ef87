// Options of ingress-nginx.

import { boolean, object, optional, type Tagged } from "../../../model/index.ts";

export interface IngressNginxInput {
  /** As for `nginxGatewayFabric`. Default: true, but false on a developer's machine. */
  tls?: boolean;
}

export interface IngressNginxOptions {
  /** Settled by `resolve`. */
  readonly tls?: boolean;
}

export const ingressNginxSchema = object<IngressNginxInput, IngressNginxOptions>({
  tls: optional(boolean()),
});

/** The retired Ingress controller, for platforms that still run it. `nginxGatewayFabric` is its successor here. */
export function ingressNginx(
  options: IngressNginxInput = {},
): Tagged<"ingress-nginx", IngressNginxInput> {
  return { kind: "ingress-nginx", ...options };
}
