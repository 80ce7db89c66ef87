// Options of Envoy Gateway.

import { boolean, object, optional, type Tagged } from "../../../model/index.ts";
import {
  clientAddressSchema,
  type ClientAddressInput,
  type ClientAddressOptions,
} from "../client-address-options.ts";

export interface EnvoyGatewayInput {
  /** As for `nginxGatewayFabric`. Default: true, but false on a developer's machine. */
  tls?: boolean;
  /** Who the client is where a proxy or a load balancer stands in front. */
  clientAddress?: ClientAddressInput;
}

export interface EnvoyGatewayOptions {
  /** Settled by `resolve`. */
  readonly tls?: boolean;
  readonly clientAddress: ClientAddressOptions;
}

export const envoyGatewaySchema = object<EnvoyGatewayInput, EnvoyGatewayOptions>({
  tls: optional(boolean()),
  clientAddress: optional(clientAddressSchema, { trustedProxies: [], proxyProtocol: false }),
});

/** Envoy as an implementation of the Gateway API. */
export function envoyGateway(
  options: EnvoyGatewayInput = {},
): Tagged<"envoy-gateway", EnvoyGatewayInput> {
  return { kind: "envoy-gateway", ...options };
}
