// Options of a WireGuard tunnel between sites. The documents name none of its figures; what is chosen here has its source.

import { integer, list, object, optional, port, record, string } from "../../../model/index.ts";
import type { Tagged } from "../../../model/index.ts";

export interface WireguardInput {
  /** UDP port of each end. Default 51820, as in WireGuard's quick start. */
  port?: number;
  /** Range of the tunnel's own addresses. Default 10.255.255.0/30: one for each end. */
  network?: string;
  /** Default 1420: 1500 less 80 bytes of WireGuard over IPv6, as wg-quick computes. */
  mtu?: number;
  /** Seconds between packets that keep a NAT open. Default 25, which WireGuard's quick start calls sensible. */
  keepalive?: number;
  /** By site: the parts of its network that the far end reaches. Default: all of it. */
  routes?: Record<string, string[]>;
}

export interface WireguardOptions {
  readonly port: number;
  readonly network: string;
  readonly mtu: number;
  readonly keepalive: number;
  readonly routes: Readonly<Record<string, readonly string[]>>;
}

export const wireguardSchema = object<WireguardInput, WireguardOptions>({
  port: optional(port(), 51_820),
  network: optional(string("cidr"), "10.255.255.0/30"),
  // IPv6 needs 1280 at least.
  mtu: optional(integer({ min: 1280, max: 9000 }), 1420),
  keepalive: optional(integer({ min: 1, max: 65_535 }), 25),
  routes: optional(record(list(string("cidr"), { min: 1 })), {}),
});

/** An encrypted tunnel between the gateways of two sites. */
export function wireguard(
  options: WireguardInput & { between: string[] },
): Tagged<"wireguard", WireguardInput & { between: string[] }> {
  return { kind: "wireguard", ...options };
}
