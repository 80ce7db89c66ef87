// Options of NGINX Gateway Fabric.

import { boolean, object, optional, type Tagged } from "../../../model/index.ts";

export interface NginxGatewayFabricInput {
  /**
   * Serve HTTPS with the certificate in Secret `platform-tls` and redirect HTTP to it. Default: true, but false on a
   * developer's machine, where nobody has a certificate for `127.0.0.1.nip.io`.
   */
  tls?: boolean;
}

export interface NginxGatewayFabricOptions {
  /** Settled by `resolve`. */
  readonly tls?: boolean;
}

export const nginxGatewayFabricSchema = object<NginxGatewayFabricInput, NginxGatewayFabricOptions>({
  tls: optional(boolean()),
});

/** NGINX as an implementation of the Gateway API. Not the retired ingress-nginx. */
export function nginxGatewayFabric(
  options: NginxGatewayFabricInput = {},
): Tagged<"nginx-gateway-fabric", NginxGatewayFabricInput> {
  return { kind: "nginx-gateway-fabric", ...options };
}
