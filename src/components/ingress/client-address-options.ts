// How an ingress learns who the client is when something stands before it: the same options for every ingress.

import { boolean, list, object, optional, string } from "../../model/index.ts";

export interface ClientAddressInput {
  /** Ranges of the proxies in front, whose X-Forwarded-For is believed. Default: the client is whoever connects. */
  trustedProxies?: string[];
  /** The load balancer in front opens every connection with the PROXY protocol. Default false. */
  proxyProtocol?: boolean;
}

export interface ClientAddressOptions {
  readonly trustedProxies: readonly string[];
  readonly proxyProtocol: boolean;
}

export const clientAddressSchema = object<ClientAddressInput, ClientAddressOptions>({
  trustedProxies: optional(list(string("cidr")), []),
  proxyProtocol: optional(boolean(), false),
});
