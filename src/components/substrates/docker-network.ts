// How Docker uses the network of a laptop cluster. Without an `--ip-range` it hands out addresses from the start of the
// subnet, and nothing keeps it from reaching a pool at the end; the network is therefore made with one.

import type { Cidr } from "../../core/index.ts";
import { nthSubnet, parseCidr } from "../../core/index.ts";

/** 254 containers are more than a laptop runs. */
const ALLOCATION_PREFIX = 24;

/** The part of the network containers get addresses from: its first /24. Undefined for a network smaller than that. */
export function dockerAllocationRange(subnet: string): Cidr | undefined {
  const network = parseCidr(subnet);
  return network === undefined ? undefined : nthSubnet(network, ALLOCATION_PREFIX, 0);
}
