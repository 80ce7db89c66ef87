// Options of Istio's ingress gateway.

import { boolean, object, optional, type Tagged } from "../../../model/index.ts";

export interface IstioGatewayInput {
  /** Serve HTTPS with the certificate in Secret `platform-tls` and redirect HTTP to it. Default: true, but not on a laptop. */
  tls?: boolean;
}

export interface IstioGatewayOptions {
  /** Settled by `resolve`. */
  readonly tls?: boolean;
}

export const istioGatewaySchema = object<IstioGatewayInput, IstioGatewayOptions>({
  tls: optional(boolean()),
});

/** Istio's own proxy as the way in: requests are mutual TLS from here on, so that no port of an app needs an exception. */
export function istioGateway(
  options: IstioGatewayInput = {},
): Tagged<"istio-gateway", IstioGatewayInput> {
  return { kind: "istio-gateway", ...options };
}
