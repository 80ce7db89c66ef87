// How k3d uses the network of a laptop cluster: it makes one with the stated subnet and hands its addresses out itself, from
// the start. Source: k3d v5.9.0 pkg/client/cluster.go (IPAM.Managed) and pkg/config/transform.go.

import type { Cidr } from "../../core/index.ts";
import { nthSubnet, parseCidr } from "../../core/index.ts";

/** 254 containers are more than a laptop runs. */
const ALLOCATION_PREFIX = 24;

/** The part of the network containers get addresses from: its first /24. Undefined for a network smaller than that. */
export function dockerAllocationRange(subnet: string): Cidr | undefined {
  const network = parseCidr(subnet);
  return network === undefined ? undefined : nthSubnet(network, ALLOCATION_PREFIX, 0);
}
